"""An import-linter contract that import-linter lacks: these modules import nothing but what is named here."""

import sys
from fnmatch import fnmatchcase

import grimp
from importlinter import Contract, ContractCheck, fields, output

Link = tuple[str, str]


class OnlyContract(Contract):
    """Modules may import only themselves, the allowed modules with what is in them, and the standard library.

    In `modules`, `*` stands for one part of a name.
    """

    type_name = "only"

    modules = fields.ListField(subfield=fields.StringField())
    allowed = fields.ListField(subfield=fields.StringField())

    def check(self, graph: grimp.ImportGraph, verbose: bool) -> ContractCheck:
        """Compare every import of the modules with the allowed ones."""
        links = sorted(
            (importer, imported)
            for importer in graph.modules
            for root in self._roots(importer)
            for imported in graph.find_modules_directly_imported_by(importer)
            if not self._may_import(root, imported)
        )
        return ContractCheck(kept=not links, metadata={"links": links})

    def render_broken_contract(self, check: ContractCheck) -> None:
        """Name every import that is not allowed."""
        links: list[Link] = check.metadata["links"]
        for importer, imported in links:
            output.print_error(f"{importer} imports {imported}", bold=False)

    def _roots(self, module: str) -> list[str]:
        """Of the modules that this rule is about, the one in which `module` is, if any."""
        parts = module.split(".")
        patterns: list[str] = self.modules  # type: ignore[assignment]  # a field turns into its value
        cuts = [(".".join(parts[: pattern.count(".") + 1]), pattern) for pattern in patterns]
        return [cut for cut, pattern in cuts if cut.count(".") == pattern.count(".") and fnmatchcase(cut, pattern)]

    def _may_import(self, root: str, imported: str) -> bool:
        allowed: list[str] = self.allowed  # type: ignore[assignment]  # a field turns into its value
        if imported.partition(".")[0] in sys.stdlib_module_names:
            return True
        return any(imported == name or imported.startswith(f"{name}.") for name in [root, *allowed])
