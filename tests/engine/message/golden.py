"""Every situation as people read it, in every language. `python -m tests.engine.message.golden` writes the files."""

from pathlib import Path

from tests.engine.message.situations import situations
from tideover.engine.message import LANGUAGES, Words, explain, read_words

FOLDER = Path(__file__).parent / "golden"
STAFF = ("en", "fa")
"""Languages whose explanations for staff are kept too."""


def rendered(language: str, audience: str, words: Words) -> str:
    told = (
        f"## {name}\n\n{explain(situation, audience=audience, language=language, words=words).text}\n"
        for name, situation in situations().items()
    )
    return "\n".join(told)


def files(words: Words) -> dict[Path, str]:
    made = {
        FOLDER / f"borrower_{language}.txt": rendered(language, "borrower", words) for language in LANGUAGES
    }
    return made | {FOLDER / f"staff_{language}.txt": rendered(language, "staff", words) for language in STAFF}


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for path, text in files(read_words()).items():
        path.write_text(text, "utf-8")
