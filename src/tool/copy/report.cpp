// SPDX-License-Identifier: GPL-3.0-or-later
#include "bson/builder.h"
#include "tool/copy/copy.h"

#include <algorithm>

namespace plumb::copy {

bool Report::equal() const {
    return std::all_of(lines.begin(), lines.end(), [](const Line& line) { return line.equal; });
}

bson::Document to_document(const Report& report) {
    bson::Builder out;
    out.begin_array("collections");
    for (const Line& line : report.lines) {
        out.push_document();
        out.append("name", line.name);
        out.append("kind", line.kind == Kind::View ? "view" : "collection");
        if (line.kind == Kind::Collection) {
            out.append("documents", line.target.documents);
            out.append("sourceDocuments", line.source.documents);
            out.append("bytes", line.target.bytes);
            out.append("copied", line.copied);
            out.append("continued", line.continued);
            out.append("indexes", line.indexes);
            out.append("hash", line.target.hash_text());
            out.append("sourceHash", line.source.hash_text());
        }
        out.append("equal", line.equal);
        if (!line.equal) {
            out.append("difference", line.difference);
        }
        out.end();
    }
    out.end();
    out.append("resumed", report.resumed);
    out.append("equal", report.equal());
    return out.finish();
}

}  // namespace plumb::copy
