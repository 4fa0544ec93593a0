"""Decisions in words: what a person is told, and why she was spoken to or left in peace, in her language and for staff.

What others may use: `compose` with what it needs, `mail_html`, `explain`, `facts_of`, words and templates with their checks, and
the ICU patterns they share.
"""

from tideover.engine.message.check import check_words
from tideover.engine.message.check_templates import check_messages
from tideover.engine.message.compose import About, Incomplete, NoSuchMessage, compose
from tideover.engine.message.composed import Action, Block, Message, Picture
from tideover.engine.message.demands import links_allowed, required_words
from tideover.engine.message.explain import explain
from tideover.engine.message.explanation import Explanation, Line, Part
from tideover.engine.message.full_terms import Charge, FullTerms, Payment
from tideover.engine.message.lender_values import LenderValues, read_lender_values
from tideover.engine.message.loan_terms import terms_of
from tideover.engine.message.mail import mail_html
from tideover.engine.message.page_words import PageWords, check_page_words, read_page_words, spoken_on_pages
from tideover.engine.message.patterns import BadPattern, arguments, spoken
from tideover.engine.message.placeholders import GIVEN, LINKS, PLACEHOLDERS
from tideover.engine.message.plain import Reading, reading_of
from tideover.engine.message.portal_words import (
    PORTAL_ANSWERS,
    PortalWords,
    check_portal_words,
    read_portal_words,
    spoken_in,
)
from tideover.engine.message.rate_methods import RateMethods, check_rate_methods, read_rate_methods
from tideover.engine.message.reading import KNOWN, Knowledge, UnknownPerson, facts_of
from tideover.engine.message.replies import Reply, check_replies, in_language, read_replies, unkind
from tideover.engine.message.sample import sample
from tideover.engine.message.sender import Sender, UnknownSender
from tideover.engine.message.sms import Segments, segments_of
from tideover.engine.message.tellable import Audience
from tideover.engine.message.telling import UnknownValue
from tideover.engine.message.templates import MESSAGE_LANGUAGES, Templates, read_templates
from tideover.engine.message.told import Told
from tideover.engine.message.words import LANGUAGES, Words, read_words

__all__ = [
    "GIVEN",
    "KNOWN",
    "LANGUAGES",
    "LINKS",
    "MESSAGE_LANGUAGES",
    "PLACEHOLDERS",
    "PORTAL_ANSWERS",
    "About",
    "Action",
    "Audience",
    "BadPattern",
    "Block",
    "Charge",
    "Explanation",
    "FullTerms",
    "Incomplete",
    "Knowledge",
    "LenderValues",
    "Line",
    "Message",
    "NoSuchMessage",
    "PageWords",
    "Part",
    "Payment",
    "Picture",
    "PortalWords",
    "RateMethods",
    "Reading",
    "Reply",
    "Segments",
    "Sender",
    "Templates",
    "Told",
    "UnknownPerson",
    "UnknownSender",
    "UnknownValue",
    "Words",
    "arguments",
    "check_messages",
    "check_page_words",
    "check_portal_words",
    "check_rate_methods",
    "check_replies",
    "check_words",
    "compose",
    "explain",
    "facts_of",
    "in_language",
    "links_allowed",
    "mail_html",
    "read_lender_values",
    "read_page_words",
    "read_portal_words",
    "read_rate_methods",
    "read_replies",
    "read_templates",
    "read_words",
    "reading_of",
    "required_words",
    "sample",
    "segments_of",
    "spoken",
    "spoken_in",
    "spoken_on_pages",
    "terms_of",
    "unkind",
]
