"""Staff and their invitations, tries to sign in, requests for a second person, the audit trail."""

from tideover.access.models.audit import AuditHead, AuditRow
from tideover.access.models.sign_in import Invitation, SharedCache, Tries
from tideover.access.models.staff import Staff
from tideover.access.models.two_persons import Request

__all__ = ["AuditHead", "AuditRow", "Invitation", "Request", "SharedCache", "Staff", "Tries"]
