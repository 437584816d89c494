"""The rules about parameters, bodies and responses."""

from __future__ import annotations

from venuekit.drift.rules import Rule, rule

PARAMETERS: tuple[Rule, ...] = (
    rule(
        "parameters",
        "required-parameter-added",
        "BB",
        "a required parameter is new",
        "Requests without it are refused, and calls lack an argument.",
    ),
    rule(
        "parameters",
        "optional-parameter-added",
        "--",
        "an optional parameter is new",
        "It is a keyword that callers need not give.",
    ),
    rule(
        "parameters",
        "parameter-removed",
        "RB",
        "a parameter is gone",
        "Mostly ignored, sometimes refused; callers give a keyword that is gone.",
    ),
    rule(
        "parameters",
        "parameter-became-required",
        "BB",
        "a parameter is required now",
        "Callers that leave it out are refused, and lack an argument.",
    ),
    rule(
        "parameters",
        "parameter-became-optional",
        "--",
        "a parameter is optional now",
        "Who gives it may still do so.",
    ),
    rule(
        "parameters",
        "parameter-moved",
        "B-",
        "a parameter is sent in another place",
        "The venue looks for it elsewhere; the keyword is the same.",
        "source is breaking out of the path: it was positional",
    ),
    rule(
        "parameters",
        "parameter-renamed",
        "-B",
        "a parameter in the path has another name",
        "The wire has only its value; its keyword is another.",
        "source is ok where the keyword is the same",
    ),
    rule(
        "parameters",
        "parameter-respelled",
        "B-",
        "a parameter is spelled otherwise",
        "The venue does not know the old name; the keyword is the same.",
    ),
    rule(
        "parameters",
        "parameter-style-changed",
        "B-",
        "a parameter is serialised otherwise",
        "The venue reads other values out of the same text, or none.",
    ),
    rule(
        "parameters",
        "parameter-media-changed",
        "B-",
        "a parameter has another media type",
        "The venue reads it by another parser.",
    ),
)

BODIES: tuple[Rule, ...] = (
    rule(
        "bodies",
        "required-body-added",
        "BB",
        "a required body is new",
        "Requests without it are refused, and calls lack an argument.",
    ),
    rule(
        "bodies",
        "optional-body-added",
        "--",
        "an optional body is new",
        "It is a keyword that callers need not give.",
    ),
    rule(
        "bodies",
        "body-removed",
        "BB",
        "the body is gone",
        "The venue ignores or refuses it; callers give a keyword that is gone.",
    ),
    rule(
        "bodies",
        "body-became-required",
        "BB",
        "the body is required now",
        "Callers that leave it out are refused, and lack an argument.",
    ),
    rule(
        "bodies",
        "body-became-optional",
        "--",
        "the body is optional now",
        "Who gives it may still do so.",
    ),
    rule(
        "bodies",
        "request-media-type-added",
        "--",
        "a body may have one more media type",
        "The old ones are still taken.",
    ),
    rule(
        "bodies",
        "request-media-type-removed",
        "BB",
        "a media type of the body is gone",
        "Bodies of that type are refused, and their type is gone from the method.",
        "both are a risk where it is not the one that the client sends; source is ok where a model"
        " of the same fields is sent as another",
    ),
    rule(
        "bodies",
        "encoding-changed",
        "R-",
        "a part of a form is encoded otherwise",
        "The venue may misread the part.",
    ),
)

RESPONSES: tuple[Rule, ...] = (
    rule(
        "responses",
        "success-status-added",
        "BB",
        "one more status is a success",
        "The deployed client takes a status that it does not know for no success.",
        "source is ok where it brings the same type",
    ),
    rule(
        "responses",
        "success-status-changed",
        "BB",
        "a success has another status",
        "The deployed client takes a status that it does not know for no success.",
        "wire is ok where the old one stood for the new, as 2XX does for 200, and a risk the other "
        "way round; source is ok where it brings no other type",
    ),
    rule(
        "responses",
        "success-status-removed",
        "BB",
        "a success is gone",
        "Another answer comes in its place.",
        "wire is a risk where only successes are left that the deployed client knows, or none; "
        "source is ok where the others bring no other type",
    ),
    rule(
        "responses",
        "error-status-added",
        "--",
        "an error is documented",
        "It was raised as an undocumented status; both are a ResponseError.",
    ),
    rule(
        "responses",
        "error-status-removed",
        "--",
        "an error is no longer documented",
        "Should it still come, it is raised as an undocumented status.",
    ),
    rule(
        "responses",
        "response-body-added",
        "--",
        "a success has a body now",
        "The deployed client ignores it; callers may use what is no longer None.",
    ),
    rule(
        "responses",
        "response-body-removed",
        "BB",
        "a success has no body any more",
        "An empty body does not fit the model, and the method returns None.",
        "an error without its body is a risk on the wire and nothing in the source",
    ),
    rule(
        "responses",
        "response-media-type-added",
        "--",
        "an answer may have one more media type",
        "The client asks for what it knows.",
        "source is breaking where it is read as another type",
    ),
    rule(
        "responses",
        "response-media-type-removed",
        "BB",
        "a media type of an answer is gone",
        "The answer comes in a type that is read otherwise.",
        "source is ok where what is left is read as no other type; both are ok where only a range "
        "of types is told more closely, and wire is a risk where some of them are read otherwise;"
        " wire is ok for XML, YAML or text of what JSON says: the client asks for JSON alone",
    ),
    rule(
        "responses",
        "response-header-added",
        "--",
        "a header of an answer is new",
        "Nobody reads it yet.",
    ),
    rule(
        "responses",
        "required-response-header-removed",
        "BB",
        "a promised header is gone",
        "What pages through results or waits for rate limits reads it, from a field that is gone.",
        "source is ok for an error: its headers are not typed",
    ),
    rule(
        "responses",
        "optional-response-header-removed",
        "RB",
        "a header of an answer is gone",
        "It was no promise, but somebody may read it, from a field that is gone.",
        "source is ok for an error: its headers are not typed",
    ),
    rule(
        "responses",
        "response-header-became-optional",
        "R-",
        "a header is no longer promised",
        "Who reads it may find nothing.",
    ),
    rule(
        "responses",
        "response-header-became-required",
        "--",
        "a header is promised now",
        "Who reads it finds it.",
    ),
)

RULES: tuple[Rule, ...] = (*PARAMETERS, *BODIES, *RESPONSES)
