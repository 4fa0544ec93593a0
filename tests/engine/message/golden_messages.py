"""Every message as it is sent and said. `python -m tests.engine.message.golden_messages` writes the files."""

from pathlib import Path

from tests.engine.message.letters import message
from tideover.engine.message import MESSAGE_LANGUAGES, Templates, read_templates

FOLDER = Path(__file__).parent / "golden"


def rendered(purpose: str, language: str, templates: Templates) -> str:
    if templates.words.lists.purposes[purpose].by == "person":
        said = message(purpose, "call", templates, language=language)
        return _told(
            {"said": said.spoken, "may be said": said.may_say, "must not be said": said.must_not_say}
        )
    mail = message(purpose, "email", templates, language=language)
    text = message(purpose, "sms", templates, language=language)
    return _told(
        {
            "subject": mail.subject,
            "preview": mail.preview,
            "sms": f"{text.text}\n[{text.segments.encoding}, {text.segments.parts} of {text.segments.units}]",
            "e-mail": mail.text,
            "said": mail.spoken,
        }
    )


def _told(parts: dict[str, str | tuple[str, ...]]) -> str:
    return "\n".join(f"# {name}\n\n{_lines(it)}\n" for name, it in parts.items())


def _lines(it: str | tuple[str, ...]) -> str:
    return it if isinstance(it, str) else "\n".join(f"- {line}" for line in it)


def files(templates: Templates) -> dict[Path, str]:
    return {
        FOLDER / f"messages_{language}" / f"{purpose}.txt": rendered(purpose, language, templates)
        for language in MESSAGE_LANGUAGES
        for purpose in templates.words.lists.purposes
    }


if __name__ == "__main__":
    for path, text in files(read_templates()).items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
