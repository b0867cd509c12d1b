"""Short and pet forms of forenames, as people of the United Kingdom use them."""

from functools import cache

__all__ = ["related_forenames"]

# One group a line: forms of one name, or of names that share their short forms.
_GROUPS = """
abigail abi abbie abby gail
adam ade
alan allan allen al
albert bert bertie al
alexander alexandra alexis alasdair alistair alastair alex alec al ali lexi lexie sandy sasha xander zander
alfred alfie fred freddie alf
alice ali allie
alison ali ally allie
amanda mandy
andrew andy drew dewi
angela angie ange
anneke anne ann annie anna nan nancy
anthony antony tony ant tone
archibald archie
arthur art artie
ashleigh ashley ash
barbara babs barb
barry baz bazza
benjamin ben benny benji
bernard bernie
bethany elizabeth elisabeth beth bethan betty betsy bess bessie eliza liz lizzie libby lisa elsie lily lilly
bradley brad
bronwen bron
caitlin cat cait kate kaitlyn
cameron cam
catherine katherine kathryn katharine cathryn cath cathy kath kathy kate katie katy kat kitty cat kit
charles charlie chas chaz chuck
charlotte charlie lottie lotte char
christine christina christina chris chrissie tina
christopher chris kris kit topher
clifford cliff
connor con
daniel dan danny
danielle dani
darren daz dazza
david dave davey dai dafydd dewi davie
deborah debra deb debbie debs
denise den
dennis den denny
derek del dez
desmond des
diana diane di
dominic dom
donald don donnie
dorothy dot dottie dolly
douglas doug dougie
duncan dunc
edward edmund ed eddie ted teddy ned eddy
eleanor ellie ella nell nelly elle nora
emily em emmy emma emms millie
eric ricky rick
eugene gene
evelyn evie eve
frances francesca fran frankie cesca chess
francis frank frankie fran
frederick frederic fred freddie freddy
gabriel gabrielle gabe gabby gaby
gareth gaz gary gazza gaz garry
geoffrey jeffrey geoff jeff
george georgie
georgina georgia georgie george
gerald gerard gerry jerry ged
gillian jillian gill jill gilly
glenn glen
gordon gord gordy
graham graeme gray
gregory greg
gurpreet guri preet gopi
harold harry hal
harriet hattie harry hatty
harriet hattie
harry harrison henry hal hank
heather hev
helen nell nellie lena
henry harry hal hank
hilary hils
howard howie
hugh huw hughie shug
ian iain
imogen immy imo
isabel isabella isobel izzy issy bella belle izzie
jacob jake jack jacky
jacqueline jackie jacqui jaq
james jamie jim jimmy jem jimbo
janet jan
jasmine jas jaz jazz
jaspreet jas jassi
jason jase jay
jennifer jen jenny jenni
jeremy jez jem jezza
jessica jess jessie
jillian jill
joan joanie jo
joanna joanne jo joey
john jon jonathan jonathon johnny jonny jack jonno jonty
joseph joe joey jo
josephine jo josie
joshua josh
judith judy jude
julia julie jules julian
karen kaz kazza
kathleen kath kathy kate
kayleigh kay
kelly kel
kenneth ken kenny
kevin kev
kieran ciaran kier
kimberley kimberly kim kimmy
laura lauren loz laurie lozza
laurence lawrence larry laurie loz
leanne lee
leonard leo len lenny
leslie lesley les
lewis louis lou louie
louise lou
lucinda lucy lu
madeleine maddie maddy
malcolm malc
margaret maggie meg peggy mags madge marge margie greta mhairi
maria mary marie mia mo molly polly
marjorie marge margie
mark marcus marky
martin marty
martina tina
matthew matt matty
maureen mo
maximilian maxwell max
megan meg meggie
melanie melissa mel
michael mick mike micky mikey mickey
michelle shell shelly chelle
mohammed muhammad mohammad mohamed mo
montgomery monty
natalie nat nats
natasha tasha tash nat
nathan nathaniel nate nath nat
neil nei
nicholas nick nicky nico
nicola nicole nicky nikki nic
nigel nige
oliver ollie olly
olivia liv livvy ollie
oscar ossie
pamela pam
patricia pat patsy trish tricia patty
patrick pat paddy
paul paulie
pauline paula polly
penelope penny pen
peter pete
philip phillip phil pip
philippa pippa pip
phoebe phoebs
priscilla cilla
priya pri
rachel rach
raymond ray
rebecca becky becca bex becs
reginald reg reggie
rhiannon rhi
rhys reese
richard rich richie rick ricky dick dicky
robert rob robbie bob bobby bert robbo
robin rob
roderick rod roddy
rodney rod
roger rodge
ronald ron ronnie
rosemary rose rosie romy
russell russ
ryan ry
samantha sam sammy
samuel sam sammy
sandra sandy
sarah sara sally sal saz
sean shaun shawn
sebastian seb bas
sharon shaz shazza
sheila shell
shirley shirl
simon si
siobhan shiv
sophie sophia soph
stacey stace
stephanie steph stef
stephen steven steve stevie ste
stuart stewart stu stew
suzanne susan susannah sue susie suzie suzy suze
sylvia syl
teresa theresa terry tess tessa
terence terry tel tez
theodore theo ted teddy
thomas tom tommy
timothy tim timmy
toby tobias
tracey tracy trace
trevor trev
valerie val
veronica ronnie vera
victor vic
victoria vicky vicki tori vic
vincent vince vinnie
vivian vivien viv
walter wally walt
warren waz
wayne waz
wendy wend
wilfred wilf
william will bill billy willy liam wills gwilym
winifred winnie
zachary zac zack zach
zara zaz
zoe zo
"""


@cache
def _by_form() -> dict[str, frozenset[str]]:
    forms: dict[str, set[str]] = {}
    for line in _GROUPS.split("\n"):
        group = line.split()
        for form in group:
            forms.setdefault(form, set()).update(group)
    return {form: frozenset(group) for form, group in forms.items()}


def related_forenames(forename: str) -> frozenset[str]:
    """Return the short, full and pet forms of a forename.

    Parameters
    ----------
    forename : str
        In small letters without accents.

    Returns
    -------
    frozenset of str
        Other forms, in small letters; empty if none is known. Somebody called by a short form may
        bear any of its full forms, so those of every group that it stands in are returned.
    """
    return _by_form().get(forename, frozenset()) - {forename}
