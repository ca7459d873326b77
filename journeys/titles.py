"""Whether a title begins with a verb: a rule of thumb for English and Portuguese.

It is asked for a soft hint only, so it prefers to say yes where it is not sure.
"""

import re
import unicodedata

_SMALL_PORTUGUESE = """
    a ao aos as com como da das de do dos e em na nas no nos o os ou para pela pelo
    por quando que se sem seu sua um uma
"""
_SMALL_ENGLISH = """
    an and at by for from how in into is it its of on or our that the their there
    they this to until what when where whether which who why with
"""
#: Base forms that begin the titles of work. Verbs that are nouns too ("use", "visit",
#: "plan") count as verbs.
_VERBS = """
    accept access act activate adapt add adjust advise agree align allow analyse
    analyze announce answer apply appoint approve archive arrange ask assess assign
    attach attend audit backup balance be begin book brief bring build calculate
    call cancel capture carry categorise categorize celebrate change charge check
    choose clarify classify clean clear close coach collect come communicate compare
    complete conclude conduct configure confirm connect consolidate consult contact
    continue convert convince coordinate copy correct count create customise
    customize decide define deliver demonstrate deploy describe design determine
    develop diagnose discover discuss do document download draft draw educate email
    e-mail enable encourage end engage enter escalate establish estimate evaluate
    examine exchange execute expand explain explore export extend facilitate file
    fill finalise finalize find finish fix follow forward gather generate get give
    go greet grow guide hand handoff handover have hear help highlight hold identify
    implement import improve inform initiate inspect install instruct integrate
    interview introduce investigate invite invoice involve issue join keep kick
    kick-off kickoff launch lead learn leave let list listen load log look maintain
    make manage map mark measure meet migrate monitor move name negotiate note
    notify observe offer onboard open order organise organize outline own pay
    perform phone pick pilot plan post practise practice prepare present prevent
    print prioritise prioritize process produce propose prove provide publish put
    qualify quantify raise reach read reassign reclassify recommend reconcile record
    recover refer refine register release remind remove renew reopen replace reply
    report request research reserve resolve respond restore retain return revalidate
    review revise rewrite run save say schedule score search secure see segment
    select sell send set settle share show sign simplify solve speak specify start
    state stop store submit suggest summarise summarize supervise support survey
    sync take talk teach tell test thank track train transfer translate try tune
    turn understand undo update upgrade upload use validate verify visit wait walk
    watch welcome win work write
"""
#: Ends like a Portuguese infinitive, and is none.
_NOUNS = """
    altar alter andar ar bar bazar caractere celular char colar colher complementar
    dolar elixir escolar exemplar familiar folder gestor hangar hardware impar lar
    lazer leader lider lugar luminar mar maior mar melhor menor militar mister
    modular mulher natural newsletter oscar par parecer particular pier pilar placar
    polar popular power prazer preliminar radar regular scanner server setor
    singular sonar titular user vapor ticker
"""

PORTUGUESE = frozenset(_SMALL_PORTUGUESE.split())
ENGLISH = frozenset(_SMALL_ENGLISH.split())
ENGLISH_VERBS = frozenset(_VERBS.split())
NO_INFINITIVE = frozenset(_NOUNS.split())
INFINITIVE = re.compile(r"^[a-z]{2,}(ar|er|ir)(-(se|lo|la|los|las|lhe|lhes))?$")
#: Those that are too short for it.
SHORT_INFINITIVE = re.compile(
    r"^(dar|ler|ver|ter|ser|ir|vir|rir)(-(se|lo|la|los|las|lhe|lhes))?$"
)
#: The irregular ones, with what is made of them: propor, compor, repor.
IRREGULAR = re.compile(r"^([a-z]*[^i])?por$")
NO_IRREGULAR = frozenset(["torpor", "vapor"])


def begins_with_verb(title, lang="en_US"):
    """Tell whether a title begins with a verb.

    :param title: one line, in English or Portuguese
    :param lang: the language of who reads it, which decides where the words of the
        title don't
    :return: a bool; True for an empty title
    """
    words = _words(title)
    if not words:
        return True
    if is_portuguese(title, lang):
        return _is_infinitive(words[0])
    # "List of users" is a thing, "List the users" is work.
    return words[0] in ENGLISH_VERBS and words[1:2] != ["of"]


def is_portuguese(title, lang="en_US"):
    """Tell whether a title is Portuguese rather than English, by its small words."""
    words = _words(title)[1:]
    portuguese = sum(word in PORTUGUESE for word in words)
    portuguese += bool(re.search("[ãõçáéíóúâêôà]", title, re.IGNORECASE))
    english = sum(word in ENGLISH for word in words)
    if portuguese == english:
        return (lang or "").startswith("pt")
    return portuguese > english


def _is_infinitive(word):
    if word in NO_INFINITIVE:
        return False
    if INFINITIVE.match(word) or SHORT_INFINITIVE.match(word):
        return True
    return bool(IRREGULAR.match(word)) and word not in NO_IRREGULAR


def _words(title):
    plain = unicodedata.normalize("NFKD", (title or "").lower())
    plain = "".join(char for char in plain if not unicodedata.combining(char))
    return re.findall(r"[a-z]+(?:-[a-z]+)*", plain)
