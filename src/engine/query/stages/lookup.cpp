// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/query/stages/lookup.h"

#include "engine/query/expr/values.h"
#include "engine/query/stages/edit_document.h"
#include "engine/query/stages/path_values.h"
#include "engine/query/stages/stages.h"

#include <fmt/format.h>

#include <algorithm>

namespace plumb::query {

using bson::Type;
using bson::ValueView;

namespace {

// Documents that were found before.
class Collected final : public DocumentSource {
  public:
    explicit Collected(const std::vector<bson::Document>& documents) : documents_(documents) {}

    Result<std::optional<bson::View>> next() override {
        return at_ < documents_.size() ? std::optional{documents_[at_++].view()} : std::nullopt;
    }

  private:
    const std::vector<bson::Document>& documents_;
    std::size_t at_ = 0;
};

}  // namespace

bool LookupStage::absorb(const UnwindSpec& unwind) {
    if (unwind_ || unwind.path.dotted() != spec_.as.dotted()) {
        return false;
    }
    unwind_ = unwind;
    return true;
}

std::vector<ValueView> LookupStage::local_values(bson::View document) const {
    std::vector<ValueView> values;
    const auto add = [&](ValueView value) { values.push_back(value); };
    visit_path_values(document, spec_.local_field, 0, add);
    if (values.empty()) {
        values.push_back(make_null());
    }
    return values;
}

// {field: {$eq: v}}, {field: {$in: [v, …]}}, or {$or: […]} where a regex is to be equal, not to
// match.
bson::Document LookupStage::equality_filter(const std::vector<ValueView>& values) const {
    const bool has_regex =
        std::ranges::any_of(values, [](ValueView value) { return value.type() == Type::Regex; });
    bson::Builder filter;
    if (values.size() == 1) {
        filter.begin_document(spec_.foreign_field).append("$eq", values.front()).end();
        return filter.finish();
    }
    if (!has_regex) {
        filter.begin_document(spec_.foreign_field).begin_array("$in");
        for (const ValueView value : values) {
            filter.push(value);
        }
        filter.end().end();
        return filter.finish();
    }
    filter.begin_array("$or");
    for (const ValueView value : values) {
        filter.push_document().begin_document(spec_.foreign_field).append("$eq", value).end().end();
    }
    filter.end();
    return filter.finish();
}

Status LookupStage::decide_search(bson::View first) {
    search_decided_ = true;
    PLUMB_TRY(host, host_of(context_));
    const std::string ns = sibling_namespace(context_.ns, spec_.from);
    if (host->has_index_on(ns, spec_.foreign_field)) {
        return {};
    }
    PLUMB_TRY(all, host->open_find(ns, bson::View{}));
    PLUMB_TRY(
        table,
        LookupTable::read(*all, spec_.foreign_field, context_.memory_bytes, context_.interrupt));
    table_ = std::move(table);
    if (!table_) {
        blocks_ =
            LookupBlocks::make(spec_.foreign_field, context_.memory_bytes, context_.interrupt);
    }
    if (blocks_) {
        blocks_->put_first(first);
    }
    return {};
}

Result<std::optional<bson::View>> LookupStage::next_local() {
    if (blocks_) {
        return next_of_block();
    }
    PLUMB_TRY(document, source().next());
    if (!document || search_decided_ || spec_.pipeline != nullptr) {
        return document;
    }
    PLUMB_CHECK(decide_search(*document));
    return blocks_ ? next_of_block() : Result<std::optional<bson::View>>{document};
}

Result<std::optional<bson::View>> LookupStage::next_of_block() {
    PLUMB_TRY(host, host_of(context_));
    PLUMB_TRY(answered,
              blocks_->next({.local = source(),
                             .ask =
                                 [this](bson::View document) {
                                     LookupBlocks::Question out;
                                     out.values = local_values(document);
                                     out.filter = equality_filter(out.values);
                                     return out;
                                 },
                             .open_foreign =
                                 [this, host] {
                                     return host->open_find(
                                         sibling_namespace(context_.ns, spec_.from), bson::View{});
                                 }}));
    answered_ = answered;
    if (answered_ == nullptr) {
        return std::optional<bson::View>{};
    }
    return std::optional{answered_->document.view()};
}

Result<std::unique_ptr<DocumentSource>> LookupStage::open_equal(PipelineHost& host,
                                                                const std::string& ns,
                                                                bson::View document) {
    if (answered_ != nullptr && !answered_->too_many) {
        return std::unique_ptr<DocumentSource>{std::make_unique<Collected>(answered_->matches)};
    }
    const std::vector<ValueView> values = local_values(document);
    const bson::Document filter = equality_filter(values);
    return table_ ? table_->find(filter, values) : host.open_find(ns, filter);
}

Result<std::unique_ptr<DocumentSource>> LookupStage::open(bson::View document) {
    if (spec_.pipeline == nullptr) {
        PLUMB_TRY(host, host_of(context_));
        return open_equal(*host, sibling_namespace(context_.ns, spec_.from), document);
    }
    expressions_->next_document();
    std::vector<bson::Value> values;
    for (const ExpressionPtr& expression : spec_.variables) {
        PLUMB_TRY(value, expressions_->evaluate(*expression, document));
        values.emplace_back(value);
    }
    return spec_.pipeline->open(std::move(values));
}

Result<ValueView> LookupStage::collect_from(DocumentSource& matches) {
    ArrayWriter array{arena_, 256};
    std::size_t bytes = 0;
    while (true) {
        if (context_.interrupt != nullptr) {
            PLUMB_CHECK(context_.interrupt->check());
        }
        PLUMB_TRY(match, matches.next());
        if (!match) {
            return array.finish();
        }
        array.push(match->as_value());
        bytes += match->byte_size();
        if (bytes > kMadeDocumentBytesMax) {
            return fail(ErrorCode{4568},
                        fmt::format("Total size of documents in {} matching pipeline's $lookup "
                                    "stage exceeds {} bytes",
                                    spec_.from,
                                    kDocumentBytesMax));
        }
    }
}

Result<ValueView> LookupStage::collect(bson::View document) {
    PLUMB_TRY(matches, open(document));
    return collect_from(*matches);
}

bson::View LookupStage::give(bson::View document,
                             ValueView as,
                             std::optional<std::int64_t> position) {
    out_.clear();
    write_with(document, spec_.as, as, out_);
    const bson::View made = out_.finish_view();
    if (!unwind_ || !unwind_->index_path) {
        return made;
    }
    const bson::Value index = position ? bson::Value{*position} : bson::Value::null();
    indexed_.clear();
    write_with(made, *unwind_->index_path, index, indexed_);
    return indexed_.finish_view();
}

Result<std::optional<bson::View>> LookupStage::next_array() {
    PLUMB_TRY(document, next_local());
    if (!document) {
        return document;
    }
    arena_.reset();
    PLUMB_TRY(array, collect(*document));
    return std::optional{give(*document, array, std::nullopt)};
}

Result<std::optional<bson::View>> LookupStage::next_unwound() {
    while (true) {
        if (!matches_) {
            PLUMB_TRY(document, next_local());
            if (!document) {
                return document;
            }
            document_ = bson::Document{*document};
            PLUMB_TRY(matches, open(document_));
            matches_ = std::move(matches);
            position_ = 0;
        }
        PLUMB_TRY(match, matches_->next());
        if (match) {
            return std::optional{give(document_, match->as_value(), position_++)};
        }
        matches_.reset();
        if (position_ == 0 && unwind_->keep_empty) {
            return std::optional{give(document_, {}, std::nullopt)};
        }
    }
}

Result<std::optional<bson::View>> LookupStage::next() {
    return unwind_ ? next_unwound() : next_array();
}

void LookupStage::save() {
    SourcedStage::save();
    if (matches_) {
        matches_->save();
    }
}

void LookupStage::restart() {
    matches_.reset();
    if (blocks_) {
        blocks_->clear();
    }
    answered_ = nullptr;
    position_ = 0;
}

Status LookupStage::restore() {
    PLUMB_CHECK(SourcedStage::restore());
    if (spec_.pipeline != nullptr) {
        spec_.pipeline->attach();
    }
    return matches_ ? matches_->restore() : Status{};
}

void LookupStage::append_explain(bson::Builder& out) const {
    out.begin_document("$lookup").append_all(spec_.shown);
    if (unwind_) {
        out.begin_document("unwinding");
        out.append("preserveNullAndEmptyArrays", unwind_->keep_empty);
        out.end();
    }
    out.end();
}

bool LookupStage::add_dependencies(Dependencies& out) const {
    // The document of the way to `as` is kept, whatever stands there.
    out.paths.insert(spec_.as.dotted());
    if (!spec_.pipeline) {
        out.paths.insert(spec_.local_field.dotted());
    }
    for (const ExpressionPtr& variable : spec_.variables) {
        variable->add_dependencies(out);
    }
    return false;
}

}  // namespace plumb::query
