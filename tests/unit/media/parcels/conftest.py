"""Office files of real writers, a mail, and archives of them. All names are invented."""

from email.message import EmailMessage

import docx
import openpyxl
import pptx
import pytest


@pytest.fixture
def new_docx():
    return docx.Document()


@pytest.fixture
def new_xlsx():
    return openpyxl.Workbook()


@pytest.fixture
def new_pptx():
    return pptx.Presentation()


@pytest.fixture
def a_mail():
    mail = EmailMessage()
    mail["From"] = "press@example.org"
    mail["To"] = "news@example.org"
    mail["Subject"] = "A statement"
    mail.set_content("The statement.\n")
    return mail
