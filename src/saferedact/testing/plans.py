"""Plans for tests: hypothesis strategies, and one small plan to start from."""

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from saferedact.plan.model import DetectorRecord, MediaRecord, Plan
from saferedact.plan.regions import ImageRegion, MetadataRegion, Region, TrackRegion

__all__ = [
    "detector_records",
    "image_regions",
    "media_records",
    "metadata_regions",
    "plans",
    "sample_plan",
    "track_regions",
]

_STEPS_PER_PIXEL = 8  # plan coordinates are multiples of 1/8 px
_MAX_SIDE = 5_000
_OVERHANG = 200  # px that a box may stick out of the frame

# Few values with the limits among them: what a name says makes no difference to any rule.
_DIGESTS = st.binary(min_size=32, max_size=32).map(bytes.hex)
_NAMES = st.sampled_from(["a", "centerface", "hidden-data", "two_words-3", "z" * 32])
_CODES = st.none() | st.sampled_from(["A", "S40.2", "RR-03", "Z" * 16])
_PERSON_REFS = st.none() | st.sampled_from(["W1", "D2", "OFF-9999"])
_SCORES = st.floats(0, 1)


def media_records() -> SearchStrategy[MediaRecord]:
    """Generate what a source can be, at most 5,000 px on a side: pictures and videos."""
    sides = st.integers(1, _MAX_SIDE)
    common = {
        "width": sides,
        "height": sides,
        "frames": st.integers(1, 20),
        "orientation": st.none() | st.integers(1, 8),
    }
    pictures = st.builds(
        MediaRecord, format=st.sampled_from(["JPEG", "PNG", "TIFF", "HEIF"]), **common
    )
    videos = st.builds(
        MediaRecord,
        kind=st.just("video"),
        format=st.sampled_from(["MP4", "MATROSKA"]),
        time_base=st.tuples(st.integers(1, 1001), st.integers(1, 90_000)),
        duration=st.none() | st.floats(0, 1e6),
        checksums=st.lists(st.sampled_from(["0" * 8, "89abcdef"]), max_size=3).map(tuple),
        **common,
    )
    return pictures | videos


@st.composite
def detector_records(draw: DrawFn) -> DetectorRecord:
    """Generate detectors that ran, and some that could not."""
    ran = draw(st.booleans())
    return DetectorRecord(
        name=draw(_NAMES),
        version=draw(st.sampled_from(["1", "2.0.1", "2024-06+CPU"])),
        weights_sha256=draw(st.none() | _DIGESTS),
        labels=tuple(draw(st.lists(_NAMES, max_size=3))),
        status="ran" if ran else "not_available",
        reason=None if ran else draw(_NAMES),
    )


@st.composite
def image_regions(draw: DrawFn, media: MediaRecord, *, region_id: str = "r1") -> ImageRegion:
    """Generate a region that fits a source.

    Parameters
    ----------
    draw : callable
        Given by hypothesis.
    media : MediaRecord
        The source.
    region_id : str
        Id of the region.
    """
    x1, x2 = draw(_edges(media.width))
    y1, y2 = draw(_edges(media.height))
    return ImageRegion(
        id=region_id,
        label=draw(st.sampled_from(["face", "name", "plate"]) | _NAMES),
        detector=draw(_NAMES),
        score=draw(_SCORES),
        needs_review=draw(st.booleans()),
        reason_code=draw(_CODES),
        person_ref=draw(_PERSON_REFS),
        operator=draw(st.sampled_from(["solid", "frost", "mosaic", "blur"])),
        decision=draw(st.sampled_from(["proposed", "accepted", "rejected"])),
        frame=draw(st.integers(0, media.frames - 1)),
        xyxy=(x1, y1, x2, y2),
        shape=draw(st.sampled_from(["rectangle", "ellipse"])),
    )


@st.composite
def track_regions(draw: DrawFn, media: MediaRecord, *, region_id: str = "t1") -> TrackRegion:
    """Generate a track that fits a video.

    Parameters
    ----------
    draw : callable
        Given by hypothesis.
    media : MediaRecord
        The source.
    region_id : str
        Id of the region.
    """
    frames = draw(st.sets(st.integers(0, media.frames - 1), min_size=1, max_size=4).map(sorted))
    boxes = []
    for _ in frames:
        x1, x2 = draw(_edges(media.width))
        y1, y2 = draw(_edges(media.height))
        boxes.append((x1, y1, x2, y2))
    still = draw(image_regions(media, region_id=region_id)).model_dump(
        exclude={"kind", "frame", "xyxy"}
    )
    times = st.none() | st.tuples(st.integers(-(2**40), 2**40), st.integers(0, 2**62))
    return TrackRegion(**still, frame=tuple(frames), xyxy=tuple(boxes), pts=draw(times))


@st.composite
def metadata_regions(draw: DrawFn, *, region_id: str = "m1") -> MetadataRegion:
    """Generate an item of hidden data.

    Parameters
    ----------
    draw : callable
        Given by hypothesis.
    region_id : str
        Id of the region.
    """
    return MetadataRegion(
        id=region_id,
        label="hidden-data",
        detector=draw(_NAMES),
        score=draw(_SCORES),
        needs_review=draw(st.booleans()),
        reason_code=draw(_CODES),
        channel=draw(_NAMES),
        offset=draw(st.none() | st.integers(0, 2**40)),
        length=draw(st.integers(0, 2**40)),
    )


@st.composite
def plans(draw: DrawFn, *, min_regions: int = 0, max_regions: int = 8) -> Plan:
    """Generate valid plans.

    Parameters
    ----------
    draw : callable
        Given by hypothesis.
    min_regions, max_regions : int
        Bounds of the number of regions; at most 20.
    """
    media = draw(media_records())
    ids = draw(
        st.lists(
            st.sampled_from([f"{letter}{n}" for letter in ("f", "box-") for n in range(10)]),
            min_size=min_regions,
            max_size=max_regions,
            unique=True,
        )
    )

    def kinds(name: str) -> SearchStrategy[Region]:
        pictures: SearchStrategy[Region] = image_regions(media, region_id=name)
        if media.kind == "video":
            pictures = pictures | track_regions(media, region_id=name)
        return pictures | metadata_regions(region_id=name)

    regions = [draw(kinds(name)) for name in ids]
    return Plan(
        source_sha256=draw(_DIGESTS),
        policy_sha256=draw(_DIGESTS),
        media=media,
        detectors=tuple(draw(st.lists(detector_records(), max_size=2))),
        regions=tuple(regions),
    )


def sample_plan() -> Plan:
    """Make a plan of two faces, one of them doubtful, a plate, and an item of hidden data."""
    return Plan(
        source_sha256="a" * 64,
        policy_sha256="b" * 64,
        media=MediaRecord(format="TIFF", width=640, height=480, frames=3),
        detectors=(
            DetectorRecord(name="centerface", version="1", labels=("face",), status="ran"),
            DetectorRecord(
                name="plates",
                version="0",
                labels=("plate",),
                status="not_available",
                reason="no-detector",
            ),
        ),
        regions=(
            _sample_face("f1", score=0.9, frame=0, xyxy=(10.0, 20.0, 110.5, 140.25)),
            _sample_face("f2", score=0.25, frame=2, xyxy=(-8.0, 300.0, 60.0, 380.0)),
            ImageRegion(
                id="p1",
                label="plate",
                detector="person",
                score=1.0,
                operator="solid",
                decision="accepted",
                frame=0,
                xyxy=(200.0, 400.0, 300.0, 425.0),
            ),
            MetadataRegion(
                id="m1",
                label="hidden-data",
                detector="hidden-data",
                score=1.0,
                channel="exif",
                offset=20,
                length=4_096,
            ),
        ),
    )


def _sample_face(
    region_id: str, *, score: float, frame: int, xyxy: tuple[float, float, float, float]
) -> ImageRegion:
    return ImageRegion(
        id=region_id,
        label="face",
        detector="centerface",
        score=score,
        needs_review=score < 0.5,
        operator="frost",
        frame=frame,
        xyxy=xyxy,
        shape="ellipse",
    )


@st.composite
def _edges(draw: DrawFn, side: int) -> tuple[float, float]:
    """Generate two coordinates between which there is a part of ``0 .. side``."""
    low = draw(st.integers(-_OVERHANG * _STEPS_PER_PIXEL, side * _STEPS_PER_PIXEL - 1))
    high = draw(st.integers(max(low, 0) + 1, (side + _OVERHANG) * _STEPS_PER_PIXEL))
    return low / _STEPS_PER_PIXEL, high / _STEPS_PER_PIXEL
