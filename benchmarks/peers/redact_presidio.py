"""Run by presidio's interpreter: ``python redact_presidio.py MODEL JOBS.json``.

MODEL is the folder of an English spaCy model, the one that saferedact uses: presidio's own default is
downloaded from another place. A job is ``{"source", "target"}``.
"""

import json
import sys
from pathlib import Path

import spacy
from PIL import Image
from presidio_analyzer import AnalyzerEngine
from presidio_analyzer.nlp_engine import NlpEngineProvider
from presidio_image_redactor import ImageAnalyzerEngine, ImageRedactorEngine

model, jobs = sys.argv[1:]
# saferedact keeps only the parts of the model that find names; presidio has no setting that says so.
load = spacy.load
spacy.load = lambda name, **options: load(name, **options, exclude=["senter"])
settings = {"nlp_engine_name": "spacy", "models": [{"lang_code": "en", "model_name": model}]}
nlp = NlpEngineProvider(nlp_configuration=settings).create_engine()
analyzer = AnalyzerEngine(nlp_engine=nlp, supported_languages=["en"])
engine = ImageRedactorEngine(ImageAnalyzerEngine(analyzer_engine=analyzer))
for job in json.loads(Path(jobs).read_text("utf-8")):
    with Image.open(job["source"]) as image:
        engine.redact(image.convert("RGB"), (255, 0, 255)).save(job["target"])
