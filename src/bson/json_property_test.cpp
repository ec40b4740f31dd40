// SPDX-License-Identifier: GPL-3.0-or-later
#include "bson/arbitrary_value_internal.h"
#include "bson/builder.h"
#include "bson/json.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace plumb::bson {
namespace {

RC_GTEST_PROP(JsonProperty, CanonicalTextReadsBackIdentical, ()) {
    Builder builder;
    builder.append("a", *arbitrary_value(Text::Utf8)).append("b", *arbitrary_number());
    const Document document = builder.finish();
    const std::string text = to_json(document, JsonMode::Canonical);
    const Result<Document> back = from_json(text);
    RC_LOG() << text;
    RC_ASSERT(back.ok());
    RC_ASSERT(back->bytes() == document.bytes());
}

// Relaxed text loses the widths of integers; read and written again it must not change any more.
RC_GTEST_PROP(JsonProperty, RelaxedTextIsStable, ()) {
    Builder builder;
    builder.append("a", *arbitrary_value(Text::Utf8));
    const std::string text = to_json(builder.finish());
    RC_LOG() << text;
    const Result<Document> back = from_json(text);
    RC_ASSERT(back.ok());
    RC_ASSERT(to_json(*back) == text);
    const Result<Document> pretty = from_json(to_pretty_json(*back));
    RC_ASSERT(pretty.ok());
    RC_ASSERT(pretty->bytes() == back->bytes());
}

}  // namespace
}  // namespace plumb::bson
