// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/query/stages/unwind.h"

#include "engine/query/expr/operator.h"
#include "engine/query/expr/values.h"
#include "engine/query/stages/edit_document.h"
#include "engine/query/stages/stages.h"

#include <fmt/format.h>

namespace plumb::query {

using bson::Type;
using bson::ValueView;

bson::View UnwindStage::with_index(bson::View document, std::optional<std::int64_t> position) {
    if (!spec_.index_path) {
        return document;
    }
    const bson::Value index = position ? bson::Value{*position} : bson::Value::null();
    indexed_.clear();
    write_with(document, *spec_.index_path, index, indexed_);
    return indexed_.finish_view();
}

bson::View UnwindStage::write(ValueView value) {
    out_.clear();
    if (!shown_) {
        write_with(document_, spec_.path, value, out_);
        return out_.finish_view();
    }
    const std::string_view unwound = spec_.path.part(0);
    for (const std::string& name : *shown_) {
        if (name != unwound) {
            out_.append(name, document_.find(name));
        } else if (spec_.path.size() == 1) {
            out_.append(name, value);
        } else {
            write_field_with(document_, spec_.path, value, out_);
        }
    }
    return out_.finish_view();
}

bool UnwindStage::start(bson::View document) {
    const ValueView value = find_plain(document, spec_.path);
    if (value.type() != Type::Array) {
        return !value.nullish() || spec_.keep_empty;
    }
    document_ = document;
    if (value.as_container().empty()) {
        return spec_.keep_empty;
    }
    element_ = value.as_container().begin();
    position_ = 0;
    inside_ = true;
    return false;
}

Result<std::optional<bson::View>> UnwindStage::next() {
    while (!inside_) {
        PLUMB_TRY(document, source().next());
        if (!document) {
            return document;
        }
        if (start(*document)) {
            const bool empty_array = find_plain(*document, spec_.path).type() == Type::Array;
            return std::optional{with_index(empty_array ? write({}) : *document, {})};
        }
    }
    const bson::View made = write(element_->value);
    const std::int64_t position = position_++;
    ++element_;
    inside_ = element_ != std::default_sentinel;
    return std::optional{with_index(made, position)};
}

// The source's document does not outlive a rest of the cursor, so what is left of it is kept.
void UnwindStage::save() {
    if (inside_ && document_.raw().data() != kept_.bytes().data()) {
        const std::ptrdiff_t at = element_.position() - document_.raw().data();
        kept_ = bson::Document{document_};
        document_ = kept_;
        element_ = bson::Iterator{kept_.bytes().data() + at};
    }
    SourcedStage::save();
}

void UnwindStage::append_explain(bson::Builder& out) const {
    out.begin_document("$unwind");
    out.append("path", "$" + spec_.path.dotted());
    if (spec_.keep_empty) {
        out.append("preserveNullAndEmptyArrays", true);
    }
    if (spec_.index_path) {
        out.append("includeArrayIndex", spec_.index_path->dotted());
    }
    out.end();
}

bool UnwindStage::add_dependencies(Dependencies& out) const {
    out.paths.insert(spec_.path.dotted());
    return false;
}

namespace {

Status read_option(const bson::Element& option, std::string_view& path, UnwindSpec& out) {
    if (option.name == "path") {
        if (option.value.type() != Type::String) {
            return fail(ErrorCode{28808}, "expected a string as the path for $unwind stage");
        }
        path = option.value.as_string();
    } else if (option.name == "preserveNullAndEmptyArrays") {
        if (option.value.type() != Type::Bool) {
            return fail(ErrorCode{28809},
                        "expected a boolean for the preserveNullAndEmptyArrays option to $unwind");
        }
        out.keep_empty = option.value.as_bool();
    } else if (option.name == "includeArrayIndex") {
        const bool text = option.value.type() == Type::String;
        if (!text || option.value.as_string().empty()) {
            return fail(ErrorCode{28810},
                        "expected a non-empty string for the includeArrayIndex option to $unwind");
        }
        if (option.value.as_string().starts_with('$')) {
            return fail(ErrorCode{28822},
                        "includeArrayIndex option to $unwind should not begin with $");
        }
        PLUMB_CHECK(check_field_path(option.value.as_string()));
        out.index_path.emplace(option.value.as_string());
    } else {
        return fail(ErrorCode{28811},
                    fmt::format("unrecognized option to $unwind stage: {}", option.name));
    }
    return {};
}

}  // namespace

Status parse_unwind_stage(ValueView spec, StageParser& parser) {
    UnwindSpec out;
    std::string_view path;
    if (spec.type() == Type::Document) {
        for (const bson::Element& option : spec.as_document()) {
            PLUMB_CHECK(read_option(option, path, out));
        }
    } else if (spec.type() == Type::String) {
        path = spec.as_string();
    } else {
        return fail(ErrorCode{15981},
                    "expected either a string or an object as specification for $unwind stage");
    }
    if (path.empty()) {
        return fail(ErrorCode{28812}, "no path specified to $unwind stage");
    }
    if (!path.starts_with('$')) {
        return fail(ErrorCode{28818}, "path option to $unwind stage should be prefixed with a '$'");
    }
    path.remove_prefix(1);
    PLUMB_CHECK(check_field_path(path));
    out.path = bson::Path{path};
    parser.stages.push_back(std::make_unique<UnwindStage>(std::move(out)));
    return {};
}

}  // namespace plumb::query
