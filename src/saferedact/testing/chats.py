"""Screenshots of invented chats, in the manner of three applications."""

import random
from typing import Literal

from saferedact.testing.drawing import Canvas, Color, DrawnPicture, Piece, pieces_of
from saferedact.testing.people import Half, invented_person

__all__ = ["APPS", "App", "chat_screenshot"]

App = Literal["whatsapp", "messenger", "discord"]

APPS: tuple[App, ...] = ("whatsapp", "messenger", "discord")

_MESSAGES: dict[Half, tuple[str, ...]] = {
    "a": (
        "Hi is that {name}?", "Yeah it's {first}, who is this", "call me on {phone} later ok",
        "dont tell {name} I told you", "he lives at {address}", "my postcode is {postcode}",
        "her email is {email} if you need it", "add me on insta {handle}", "he drives a {plate}",
        "I'm 14 not 18, born {dob}", "whats your number then", "meet me at the park at half six",
        "did you see what happened outside the shop last night", "ok see you there",
        "I gave {first} the money on Friday, {name} saw it", "send it to {account} please",
    ),
    "b": (
        "Hello, am I speaking to {name}", "no this is {first}", "text {phone} when you get here",
        "{name} said it wasn't me", "we moved to {address} last month", "sat nav says {postcode}",
        "forward it to {email} thanks", "my snap is {handle} add me", "the car was {plate} I think",
        "date of birth {dob} on the form", "are you coming tonight or what",
        "I left the bag behind the bins like you said", "nobody was in when I knocked twice",
        "lol no way", "ask {first} or {name} they were both there", "bank details {account}",
    ),
}  # fmt: skip

_GROUNDS: dict[tuple[App, bool], tuple[Color, Color, Color, Color]] = {
    # ground, own bubble, other bubble, letters
    ("whatsapp", False): ((236, 229, 221), (220, 248, 198), (255, 255, 255), (17, 27, 33)),
    ("whatsapp", True): ((11, 20, 26), (0, 92, 75), (32, 44, 51), (233, 237, 239)),
    ("messenger", False): ((255, 255, 255), (0, 132, 255), (228, 230, 235), (5, 5, 5)),
    ("messenger", True): ((24, 25, 26), (0, 132, 255), (58, 59, 60), (228, 230, 235)),
    ("discord", False): ((255, 255, 255), (255, 255, 255), (255, 255, 255), (46, 51, 56)),
    ("discord", True): ((49, 51, 56), (49, 51, 56), (49, 51, 56), (219, 222, 225)),
}


def chat_screenshot(
    app: App, seed: int, *, half: Half = "a", dark: bool = False, size: int = 18
) -> DrawnPicture:
    """Draw a screenshot of a chat between two people.

    Parameters
    ----------
    app : {"whatsapp", "messenger", "discord"}
        In whose manner.
    seed : int
        What is said, and by whom.
    half : {"a", "b"}
        Which half of names and messages: tuning sees only "a".
    dark : bool
        Light letters on dark ground.
    size : int
        Of the letters, in pixels.

    Returns
    -------
    DrawnPicture
        Names, identifiers and marks are its secrets; the times of messages and all other words are
        not.
    """
    rng = random.Random(f"{app} {seed} {half}")  # noqa: S311  pictures, not keys
    me, other = invented_person(rng, half), invented_person(rng, half)
    width = size * 26
    messages = rng.sample(_MESSAGES[half], 9)
    canvas = Canvas((width, size * 70), _GROUNDS[app, dark][0])
    draw = _discord if app == "discord" else _bubbles
    bottom = draw(canvas, app, rng, (me, other), messages, dark=dark, size=size)
    return canvas.finished((width, min(round(bottom), size * 70)))


def _bubbles(
    canvas: Canvas,
    app: App,
    rng: random.Random,
    people: tuple[dict[str, Piece], dict[str, Piece]],
    messages: list[str],
    *,
    dark: bool,
    size: int,
) -> float:
    """Draw a title with the other's name, then bubbles left and right, some split over lines."""
    _, own, others, letters = _GROUNDS[app, dark]
    width = canvas.image.width
    bar = (7, 94, 84) if app == "whatsapp" else _GROUNDS[app, dark][0]
    title = (255, 255, 255) if app == "whatsapp" else letters
    canvas.draw.rectangle((0, 0, width, size * 3.2), fill=bar)
    canvas.draw.ellipse((size, size * 0.6, size * 3, size * 2.6), fill=(140, 150, 160))
    canvas.write((size * 3.6, size * 0.6), [people[1]["name"]], size=size * 1.1, color=title)
    canvas.write(
        (size * 3.6, size * 1.9), [("last seen today", None)], size=size * 0.7, color=title
    )
    y = size * 4.0
    for number, message in enumerate(messages):
        mine = rng.random() < 0.5
        person = people[rng.random() < 0.5]
        lines = canvas.laid_out(pieces_of(message, person), size=size, width=width * 0.62)
        longest = max(
            canvas.draw.textlength(" ".join(word for word, _ in line), font_size=size)
            for line in lines
        )
        wide, high = longest + size * 1.4, len(lines) * round(size * 1.3) + size * 1.5
        left = width - wide - size * 0.7 if mine else size * 0.7
        color = own if mine else others
        canvas.draw.rounded_rectangle((left, y, left + wide, y + high), size * 0.6, fill=color)
        ink = (255, 255, 255) if mine and app == "messenger" else letters
        canvas.write((left + size * 0.6, y + size * 0.3), lines, size=size, color=ink)
        time = f"{9 + number}:{rng.randint(10, 59)}"
        canvas.write(
            (left + wide - size * 2.4, y + high - size * 1.1),
            [(time, None)],
            size=size * 0.65,
            color=ink,
        )
        y += high + size * 0.5
    return y + size * 0.3


def _discord(
    canvas: Canvas,
    app: App,
    rng: random.Random,
    people: tuple[dict[str, Piece], dict[str, Piece]],
    messages: list[str],
    *,
    dark: bool,
    size: int,
) -> float:
    """Draw names above messages, a picture of the person on the left, no bubbles."""
    letters = _GROUNDS[app, dark][3]
    canvas.write((size, size * 0.6), [("# general", None)], size=size * 1.1, color=letters)
    y = size * 2.6
    for number, message in enumerate(messages):
        speaker = people[rng.random() < 0.5]
        canvas.draw.ellipse((size * 0.6, y, size * 2.6, y + size * 2), fill=(88, 101, 242))
        who, _ = canvas.write(
            (size * 3.2, y),
            [speaker["name"]],
            size=size,
            color=(35, 165, 90) if dark else (0, 90, 40),
        )
        canvas.write(
            (size * 3.6 + who, y + size * 0.3),
            [(f"Today at {9 + number}:{rng.randint(10, 59)}", None)],
            size=size * 0.7,
            color=(148, 155, 164) if dark else (92, 94, 102),
        )
        person = people[rng.random() < 0.5]
        _, high = canvas.write(
            (size * 3.2, y + size * 1.35),
            pieces_of(message, person),
            size=size,
            color=letters,
            width=canvas.image.width - size * 4,
        )
        y += size * 1.35 + high + size * 0.6
    return y
