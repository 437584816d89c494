"""The rules about operations, servers and security."""

from __future__ import annotations

from venuekit.drift.rules import Rule, rule

OPERATIONS: tuple[Rule, ...] = (
    rule(
        "operations",
        "operation-added",
        "--",
        "an operation is new",
        "Nobody calls it yet; a name that it takes from another is a finding of its own.",
    ),
    rule(
        "operations",
        "operation-removed",
        "BB",
        "an operation is gone",
        "The venue answers 404 or 405, and the method is gone from the client.",
    ),
    rule(
        "operations",
        "source-missing",
        "R-",
        "the page of an operation is gone",
        "Only the page is missing from what was fetched: the operation may well be there. "
        "The client keeps it until the page comes back or is removed on purpose.",
    ),
    rule(
        "operations",
        "operation-moved",
        "B-",
        "an operation has another path or method",
        "The old request meets nothing, or what it does not mean; the method keeps its name.",
        "source is breaking where the arguments in the path changed",
    ),
    rule(
        "operations",
        "operation-renamed",
        "-B",
        "the method of an operation has another name",
        "The request is the same, but callers call a method that is gone.",
    ),
    rule(
        "operations",
        "operation-id-changed",
        "--",
        "an operationId is spelled otherwise",
        "The method keeps its name: it is snake_case of the operationId.",
    ),
    rule(
        "operations",
        "tags-changed",
        "--",
        "an operation has other tags",
        "Clients are flat: nothing is grouped by tag.",
    ),
    rule(
        "operations",
        "deprecated",
        "--",
        "something is deprecated now",
        "It works until it is removed; the client says so in its text, and warns nobody.",
    ),
    rule(
        "operations",
        "undeprecated",
        "--",
        "something is no longer deprecated",
        "Nothing but the text of the client changes.",
    ),
    rule(
        "operations",
        "sunset-set",
        "--",
        "a sunset date is given, or put off",
        "Everything works until that date.",
    ),
    rule(
        "operations",
        "sunset-advanced",
        "R-",
        "a sunset date is brought forward",
        "There is less time to leave than callers planned with.",
    ),
    rule(
        "operations",
        "sunset-removed",
        "R-",
        "a sunset date is gone, what it was for is deprecated",
        "What is deprecated without a date may go any day.",
    ),
    rule(
        "operations",
        "stability-lowered",
        "R-",
        "the declared stability is lower",
        "The venue reserves the right to break it.",
    ),
    rule(
        "operations",
        "stability-raised",
        "--",
        "the declared stability is higher",
        "The venue promises more than before.",
    ),
    rule(
        "operations",
        "callback-added",
        "--",
        "a callback is new",
        "The client does not serve callbacks.",
    ),
    rule(
        "operations",
        "callback-removed",
        "R-",
        "a callback is gone",
        "Who relies on being called waits in vain; the client does not serve callbacks.",
    ),
    rule(
        "operations",
        "webhook-added",
        "--",
        "a webhook is new",
        "The client does not receive webhooks.",
    ),
    rule(
        "operations",
        "webhook-removed",
        "R-",
        "a webhook is gone",
        "A receiver waits in vain; the client itself does not receive webhooks.",
    ),
)

SERVERS: tuple[Rule, ...] = (
    rule(
        "servers",
        "server-added",
        "--",
        "a server is new",
        "What is deployed keeps its server.",
        "source is breaking where a sole server was the default: there is none among several",
    ),
    rule(
        "servers",
        "server-removed",
        "BB",
        "a server is gone",
        "Requests go nowhere, or to the wrong venue, and its constant is gone.",
        "wire is a risk where the document names no host any more; source is ok where another"
        " server has the constant",
    ),
    rule(
        "servers",
        "server-changed",
        "B-",
        "a server has another URL",
        "The deployed client calls the old one; the constant keeps its name.",
        "wire is ok where what its path lost or won begins the paths now, or where only the scheme"
        " is left out, and a risk where the host is; source is breaking where the constant is gone",
    ),
    rule(
        "servers",
        "server-renamed",
        "-B",
        "the constant of a server has another name",
        "The URL is the same, but callers use a constant that is gone.",
    ),
    rule(
        "servers",
        "server-variable-narrowed",
        "RB",
        "a variable of a server takes fewer values, or is gone",
        "Callers may have chosen what is gone; the argument of `server_url` is narrower, or gone.",
    ),
    rule(
        "servers",
        "server-variable-widened",
        "--",
        "a variable of a server takes more values, or is new",
        "What callers choose is still there; an argument that is new has a default.",
    ),
    rule(
        "servers",
        "servers-reordered",
        "--",
        "servers are listed in another order",
        "No order makes a default: several servers are a choice of the caller.",
    ),
)

SECURITY: tuple[Rule, ...] = (
    rule(
        "security",
        "security-added",
        "B-",
        "credentials are needed where none were",
        "The venue answers 401; a credential is an optional keyword, so callers type-check.",
    ),
    rule(
        "security",
        "security-dropped",
        "--",
        "no credentials are needed any more",
        "What is sent in vain is ignored.",
    ),
    rule(
        "security",
        "security-alternative-added",
        "--",
        "there is one more way to authenticate",
        "The old ways work.",
    ),
    rule(
        "security",
        "security-alternative-removed",
        "B-",
        "a way to authenticate is gone",
        "Who authenticates in that way gets 401; the keyword, if it is gone, is a finding.",
    ),
    rule(
        "security",
        "security-tightened",
        "B-",
        "a way to authenticate needs one more credential",
        "Without it the venue answers 401.",
    ),
    rule(
        "security",
        "security-loosened",
        "--",
        "a way to authenticate needs one credential less",
        "What is sent in vain is ignored.",
    ),
    rule(
        "security",
        "security-scope-required",
        "B-",
        "a token needs one more scope",
        "The tokens that are in use lack it.",
    ),
    rule(
        "security",
        "security-scope-not-required",
        "--",
        "a token needs a scope less",
        "Tokens that have it still work.",
    ),
    rule(
        "security",
        "credential-added",
        "--",
        "the client takes one more credential",
        "It is an optional keyword.",
    ),
    rule(
        "security",
        "credential-removed",
        "-B",
        "a credential of the client is gone",
        "Callers give a keyword that is gone.",
    ),
    rule(
        "security",
        "credential-renamed",
        "-B",
        "a security scheme has another name",
        "What is sent is the same; callers give a keyword that is gone.",
        "source is ok where the keyword is the same",
    ),
    rule(
        "security",
        "credential-moved",
        "B-",
        "an API key has another name or place",
        "The venue looks for it elsewhere; the keyword of the client is the same.",
    ),
    rule(
        "security",
        "credential-type-changed",
        "BB",
        "a credential is of another kind",
        "It is sent in another way, and may be another kind of value.",
        "source is ok where the value is of the same type",
    ),
    rule(
        "security",
        "signature-changed",
        "BB",
        "requests are signed otherwise",
        "Signatures of the old kind are refused.",
        "source is ok where the keyword of the key is the same",
    ),
    rule(
        "security",
        "oauth-url-changed",
        "B-",
        "a URL of OAuth or OpenID changed",
        "Tokens are asked for in the wrong place.",
    ),
    rule(
        "security", "oauth-flow-added", "--", "there is one more OAuth flow", "The old ones work."
    ),
    rule(
        "security",
        "oauth-flow-removed",
        "B-",
        "an OAuth flow is gone",
        "Who gets his tokens by it gets none.",
    ),
    rule(
        "security", "oauth-scope-added", "--", "a scope is offered", "Nobody needs to ask for it."
    ),
    rule(
        "security",
        "oauth-scope-removed",
        "B-",
        "a scope is no longer offered",
        "Asking for it fails.",
    ),
)

RULES: tuple[Rule, ...] = (*OPERATIONS, *SERVERS, *SECURITY)
