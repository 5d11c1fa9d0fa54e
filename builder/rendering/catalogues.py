"""Two catalogues of the published files, for programs: a data package and a Croissant record.

`datapackage.json` follows Frictionless Data Package 1.0 and names every file of numbers;
`croissant.json` follows Croissant 1.0 and has the tables of each exhibit, column by column, but
not those of single units. Both are made of the files that are there, so they cannot go stale. No
date is in them: equal sources give equal bytes.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from builder.core.cards import ExhibitCard
from builder.core.pages import Page
from builder.rendering.columns import EXCERPTS, TABLES, Column, Table

DATA_PACKAGE, CROISSANT = "datapackage.json", "croissant.json"
CATALOGUES = (DATA_PACKAGE, CROISSANT)
"""Where they go, in the folder of documents."""

SCHEMAS = {"cells": "cell.schema.json", "exhibits": "exhibit.schema.json",
           "units": "units.schema.json", "words": "formulas.schema.json"}
"""JSON Schema of the JSON files of each folder."""

NAME, MAKER = "unit-gallery", "Unit Gallery"
ABOUT = ("What single units of recurrent networks follow in the text that they read, with the "
         "evidence: correlations found on one part of the documents and judged on another, their "
         "intervals, and what untrained networks reach.")

_MEDIA = {".csv": "text/csv", ".json": "application/json"}
_CROISSANT_TYPES = {"string": "sc:Text", "integer": "sc:Integer", "number": "sc:Float"}
_CONTEXT: dict[str, Any] = {
    "@language": "en", "@vocab": "https://schema.org/", "sc": "https://schema.org/",
    "cr": "http://mlcommons.org/croissant/", "rai": "http://mlcommons.org/croissant/RAI/",
    "dct": "http://purl.org/dc/terms/", "conformsTo": "dct:conformsTo",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "examples": {"@id": "cr:examples", "@type": "@json"},
    **{name: f"cr:{name}" for name in (
        "citeAs", "column", "extract", "field", "fileProperty", "fileObject", "fileSet", "format",
        "includes", "isLiveDataset", "jsonPath", "key", "md5", "parentField", "path", "recordSet",
        "references", "regex", "repeated", "replace", "separator", "source", "subField",
        "transform")},
}
"""As the specification has it, in which records repeat it word for word."""


@dataclass(frozen=True)
class PublishedFile:
    """A file of the site as it is there.

    Attributes:
        path: From the root of the site.
        size: Bytes.
        sha256: Of its content, in hexadecimal digits.
    """

    path: str
    size: int
    sha256: str

    @property
    def folder(self) -> str:
        """The first part of its path."""
        return self.path.partition("/")[0]

    @property
    def exhibit(self) -> str:
        """The name of the exhibit that it is about."""
        return PurePosixPath(self.path).parts[1].partition(".")[0]

    @property
    def suffix(self) -> str:
        """With its point."""
        return PurePosixPath(self.path).suffix

    @property
    def table(self) -> Table | None:
        """What its columns are; None where it is no table."""
        tables = {table.folder: table for table in TABLES}
        return tables.get(self.folder) if self.suffix == ".csv" else None


def is_data(path: str) -> bool:
    """Tell whether a file of the site is one of numbers, which the catalogues name."""
    return path.partition("/")[0] in SCHEMAS and PurePosixPath(path).suffix in _MEDIA


def catalogues(exhibits: Sequence[ExhibitCard], files: Sequence[PublishedFile]) -> list[Page]:
    """Return the catalogues.

    Args:
        exhibits: All that are shown.
        files: Those for which `is_data` holds; of other things than these exhibits, which another
            package may write into the same folders, nothing is known and nothing said.
    """
    names = {exhibit.name for exhibit in exhibits}
    ordered = sorted((file for file in files if file.exhibit in names), key=lambda file: file.path)
    made = {DATA_PACKAGE: _data_package(exhibits, ordered),
            CROISSANT: _croissant(exhibits, ordered)}
    return [Page(path, json.dumps(content, ensure_ascii=False, indent=0) + "\n")
            for path, content in made.items()]


def _data_package(
    exhibits: Sequence[ExhibitCard], files: Sequence[PublishedFile]
) -> dict[str, Any]:
    by_name = {exhibit.name: exhibit for exhibit in exhibits}
    return {"profile": "data-package", "name": NAME, "title": MAKER, "description": ABOUT,
            "resources": [_resource(file, by_name[file.exhibit]) for file in files]}


def _resource(file: PublishedFile, exhibit: ExhibitCard) -> dict[str, Any]:
    table = file.table
    kind = {"profile": "tabular-data-resource", "schema": {
        "fields": [{"name": c.name, "type": c.type, "description": c.means}
                   for c in table.columns], "missingValues": ["", "nan"]}} if table else {
        "profile": "data-resource", "jsonSchema": SCHEMAS[file.folder]}
    source = {"title": exhibit.source or exhibit.title}
    if exhibit.license:
        source["license"] = exhibit.license
    return {"name": file.path, "path": file.path, "title": exhibit.title,
            "format": file.suffix[1:], "mediatype": _MEDIA[file.suffix], "encoding": "utf-8",
            "bytes": file.size, "hash": f"sha256:{file.sha256}", "sources": [source], **kind}


def _croissant(exhibits: Sequence[ExhibitCard], files: Sequence[PublishedFile]) -> dict[str, Any]:
    whole = [file for file in files if file.folder != EXCERPTS.folder]
    titles = {exhibit.name: exhibit.title for exhibit in exhibits}
    licenses = sorted({exhibit.license for exhibit in exhibits if exhibit.license})
    return {"@context": _CONTEXT, "@type": "sc:Dataset", "name": NAME, "description": ABOUT,
            "conformsTo": "http://mlcommons.org/croissant/1.0", "url": "./",
            **({"license": licenses} if licenses else {}),
            "creator": {"@type": "sc:Organization", "name": MAKER},
            "distribution": [_file_object(file) for file in whole],
            "recordSet": [_record_set(file, table, titles[file.exhibit])
                          for file in whole if (table := file.table)]}


def _file_object(file: PublishedFile) -> dict[str, Any]:
    return {"@type": "cr:FileObject", "@id": file.path, "name": file.path,
            "contentUrl": file.path, "encodingFormat": _MEDIA[file.suffix],
            "contentSize": f"{file.size} B", "sha256": file.sha256}


def _record_set(file: PublishedFile, table: Table, title: str) -> dict[str, Any]:
    name = file.path.removesuffix(file.suffix)
    return {"@type": "cr:RecordSet", "@id": name, "name": name,
            "description": f"{title}: {table.means}",
            "field": list(_fields(name, file, table.columns))}


def _fields(
    record_set: str, file: PublishedFile, columns: Sequence[Column]
) -> Iterator[dict[str, Any]]:
    for column in columns:
        name = f"{record_set}/{column.name}"
        yield {"@type": "cr:Field", "@id": name, "name": name, "description": column.means,
               "dataType": _CROISSANT_TYPES[column.type],
               "source": {"fileObject": {"@id": file.path}, "extract": {"column": column.name}}}
