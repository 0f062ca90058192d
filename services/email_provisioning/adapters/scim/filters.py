"""SCIM filters (RFC 7644, 3.4.2.2) as MongoDB queries over `comparables`, with the same outcome as in memory."""

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

from scim2_models import AttributeBinding, InvalidFilterException, Resource, ScimFilter
from scim2_models.path import (
    AttrPath,
    CompareOperator,
    Comparison,
    FilterVisitor,
    LogicalExpr,
    LogicalOperator,
    Not,
    Present,
    ValuePath,
    coerce_value,
)
from scim2_server.utils import parametrize

from services.email_provisioning.adapters.scim.bounds import check_wanted
from services.email_provisioning.adapters.scim.comparables import comparable, key_of

Query = dict[str, Any]

NOTHING: Query = {"$nor": [{}]}
"""Matches no document."""

_ORDER = {
    CompareOperator.gt: "$gt",
    CompareOperator.ge: "$gte",
    CompareOperator.lt: "$lt",
    CompareOperator.le: "$lte",
}
_PARTS: dict[CompareOperator, Callable[[str], str]] = {
    CompareOperator.co: lambda text: text,
    CompareOperator.sw: lambda text: f"^{text}",
    CompareOperator.ew: lambda text: rf"{text}\Z",
}


def query_of(wanted: ScimFilter[Any], model: type[Resource[Any]]) -> Query:
    """What a filter asks of the resources of one model; an attribute that the model lacks fits none of them."""
    return _Whole(model).visit(wanted.ast)


class _Visitor(FilterVisitor[Query]):
    """What filters of resources and of the entries of one attribute have in common."""

    def visit_not(self, node: Not) -> Query:
        return {"$nor": [self.visit(node.expr)]}

    def visit_logical_expr(self, node: LogicalExpr) -> Query:
        joined = "$and" if node.op == LogicalOperator.and_ else "$or"
        return {joined: [self.visit(term) for term in node.terms]}


class _Whole(_Visitor):
    """Filters of resources of one model."""

    def __init__(self, model: type[Resource[Any]]) -> None:
        self._filter: Any = parametrize(ScimFilter, model)("id pr")

    def resolve(self, path: AttrPath, *, compared: bool = False) -> AttributeBinding | None:
        """The attribute that a path means, if the model has it."""
        resolve = self._filter.resolve_comparison if compared else self._filter.resolve
        found: AttributeBinding | None = resolve(path, strict=False)
        return found

    def visit_comparison(self, node: Comparison) -> Query:
        attribute = self.resolve(node.attr_path, compared=True)
        return NOTHING if attribute is None else _compare(f"c.{key_of(attribute)}", attribute, node)

    def visit_present(self, node: Present) -> Query:
        attribute = self.resolve(node.attr_path)
        return NOTHING if attribute is None else {"present": key_of(attribute)}

    def visit_value_path(self, node: ValuePath) -> Query:
        attribute = self.resolve(node.attr_path)
        if attribute is None:
            return NOTHING
        if self.resolve(AttrPath(node.attr_path.attr, "value", node.attr_path.uri)) is None:
            raise InvalidFilterException(detail=f"the values of '{attribute.urn}' have no parts to select by")
        return {f"c.{key_of(attribute)}": {"$elemMatch": _Entry(self, node.attr_path).visit(node.val_filter)}}


class _Entry(_Visitor):
    """Filters of one entry of an attribute with several values; names are those of its sub-attributes."""

    def __init__(self, whole: _Whole, of: AttrPath) -> None:
        self._whole, self._of = whole, of

    def _resolve(self, path: AttrPath) -> AttributeBinding | None:
        if path.uri or path.sub_attr:
            return None
        return self._whole.resolve(AttrPath(self._of.attr, path.attr, self._of.uri))

    def visit_comparison(self, node: Comparison) -> Query:
        attribute = self._resolve(node.attr_path)
        return NOTHING if attribute is None else _compare(str(attribute.sub_field_name), attribute, node)

    def visit_present(self, node: Present) -> Query:
        attribute = self._resolve(node.attr_path)
        return NOTHING if attribute is None else {str(attribute.sub_field_name): {"$nin": [None, ""]}}

    def visit_value_path(self, node: ValuePath) -> Query:
        raise InvalidFilterException(detail="a selection of values cannot hold another one")


def _compare(place: str, attribute: AttributeBinding, node: Comparison) -> Query:
    check_wanted(node.value)
    value = coerce_value(attribute, node.value, node.op)
    if node.op in _PARTS:
        return _part(place, attribute, node.op, value)
    wanted = None if value is None else comparable(attribute, value)
    if value is not None and wanted is None:
        return {} if node.op == CompareOperator.ne else NOTHING  # what cannot be compared is equal to nothing
    if node.op == CompareOperator.eq:
        return {place: wanted}
    if node.op == CompareOperator.ne:
        return {place: {"$ne": wanted}}
    return NOTHING if wanted is None else {place: {_ORDER[node.op]: wanted}}


def _part(place: str, attribute: AttributeBinding, operator: CompareOperator, value: Any) -> Query:
    wanted = comparable(attribute, value) if isinstance(value, str) else None
    kind = attribute.target_type
    if wanted is None or kind is datetime or not (isinstance(kind, type) and issubclass(kind, str)):
        return NOTHING
    return {place: {"$regex": _PARTS[operator](re.escape(wanted)), "$options": "s"}}
