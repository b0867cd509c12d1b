"""How much of a clip's faces a plan covers, and how much else."""

import tempfile
from pathlib import Path

import numpy as np
from benchmarks.video_clips import drawn_faces

__all__ = ["coverage", "reference"]

SURE = 0.3
"""Score of the reference's faces."""

SEEN = 0.9
"""Visible share from which a drawn face must be covered; what hides the rest is another portrait."""


def reference_path(source: Path) -> Path:
    """Where the reference of a clip is kept."""
    return Path(tempfile.gettempdir()) / "saferedact-reference" / f"{source.stem}.npz"


def reference(source: Path, step: int = 1) -> None:
    """Look at every frame at 1280 px, and keep the answer."""
    from saferedact.detectors.centerface import CenterFace
    from saferedact.media.video_read import open_video
    from saferedact.models import model_path

    network = CenterFace(model_path("centerface"), engine="onnxruntime", threads=1)
    frames, boxes, scores = [], [], []
    with open_video(source) as video:
        width, height = video.info.upright_size_wh
        scale = 1280 / max(width, height)
        size_wh = (round(width * scale), round(height * scale))
        back = np.array([width / size_wh[0], height / size_wh[1]] * 2, dtype=np.float32)
        for frame in video.frames():
            if frame.index % step:
                continue
            found, score = network.detect(frame.small(size_wh)[None], SURE)[0]
            frames += [frame.index] * len(found)
            boxes += np.clip(found * back, 0, (width, height) * 2).tolist()
            scores += score.tolist()
    path = reference_path(source)
    path.parent.mkdir(exist_ok=True)
    np.savez(
        path, frame=frames, xyxy=np.array(boxes, np.float32).reshape(-1, 4), score=scores, step=step
    )
    print(f"{source.name}: {len(frames)} faces")


def coverage(source: Path, policy_name: str) -> None:
    """Print the share of the reference's faces whose area is covered by nine tenths or more.

    And the same of the faces that were drawn, where that is known: a reference sees faces in a ground
    of galaxies as well.
    """
    from saferedact.pipeline import detect
    from saferedact.plan import resolve_plan
    from saferedact.policy import load_policy

    policy = load_policy(policy_name)
    plan = detect(source, policy=policy)
    resolved = resolve_plan(plan, policy=policy)
    kept = np.load(reference_path(source))
    print(f"{source.name}: {len(plan.visible_regions())} tracks")
    judge("reference", resolved, (kept["frame"], kept["xyxy"]), int(kept["step"]))
    drawn = drawn_faces(source)
    if drawn is not None:
        shown = drawn["visible"] > 0
        judge(
            "drawn faces",
            resolved,
            (drawn["frame"][shown], drawn["xyxy"][shown]),
            judged=drawn["visible"][shown] >= SEEN,
        )


def judge(name, resolved, faces, step=1, judged=None) -> None:
    """Print how many of the faces are covered, and the area that is, over that of all of them."""
    from saferedact.geometry import area, covered_fraction

    media = resolved.plan.media
    frame, xyxy = faces
    judged = np.ones(len(frame), bool) if judged is None else judged
    ok = {"24 px or more": [], "smaller": []}
    missed, covered, on_faces = [], 0.0, 0.0
    for at in range(0, media.frames, step):
        cover = [group.xyxy for group in resolved.groups(at)]
        cover = np.concatenate([np.empty((0, 4), np.float32), *cover])
        there = xyxy[frame == at]
        share = covered_fraction(there, cover)
        sides = (there[:, 2:] - there[:, :2]).min(axis=1, initial=np.inf)
        for box, side, part, counts in zip(there, sides, share, judged[frame == at], strict=True):
            if not counts:
                continue
            ok["24 px or more" if side >= 24 else "smaller"].append(part >= 0.9)
            if part < 0.9:
                missed.append((at, np.round(box).astype(int).tolist(), round(float(part), 2)))
        holds = np.array([(covered_fraction(there, box[None]) >= 0.5).any() for box in cover], bool)
        covered += union(cover, (media.width, media.height))
        on_faces += union(cover[holds], (media.width, media.height))
    wanted = float(area(xyxy).sum())
    parts = [f"{part} {100 * np.mean(v):.2f} % of {len(v)}" for part, v in ok.items() if v]
    excess, of_faces = (part / wanted if wanted else float("nan") for part in (covered, on_faces))
    print(
        f"  {name}: {', '.join(parts)}; area {excess:.2f} x, {of_faces:.2f} x of covers that hold one"
    )
    for item in missed[:20]:
        print("   missed", *item)


def union(boxes, size_wh) -> float:
    """Area under boxes, in pixels, on whole pixels."""
    mask = np.zeros(size_wh[::-1], dtype=bool)
    for x1, y1, x2, y2 in np.round(boxes).astype(int):
        mask[max(0, y1) : y2, max(0, x1) : x2] = True
    return float(mask.sum())
