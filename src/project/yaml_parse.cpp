// SPDX-License-Identifier: GPL-3.0-or-later
// yaml-cpp's tree turned into ours; the only file that knows yaml-cpp.
#include "project/yaml_document.h"

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <fstream>
#include <optional>
#include <set>
#include <sstream>

namespace plumb::project {
namespace {

constexpr int kLevelsMax = 64;
// Aliases may make a small file a huge tree; a project file of this size is a mistake or an attack.
constexpr std::size_t kNodesMax = 1'000'000;

class TreeReader {
  public:
    explicit TreeReader(std::shared_ptr<const std::string> file) : file_(std::move(file)) {}

    // NOLINTNEXTLINE(misc-no-recursion): bounded by kLevelsMax
    Result<YamlNode> read(const YAML::Node& from, int level) {
        const Position at = position(from.Mark());
        if (level > kLevelsMax) {
            return fail_at(at, fmt::format("more than {} levels", kLevelsMax));
        }
        if (++nodes_ > kNodesMax) {
            return fail_at(at, fmt::format("more than {} values in one file", kNodesMax));
        }
        switch (from.Type()) {
            case YAML::NodeType::Undefined:
            case YAML::NodeType::Null:
                return YamlNode{YamlNode::Kind::Null, at};
            case YAML::NodeType::Scalar:
                // yaml-cpp tags a quoted scalar "!" and a plain one "?".
                return YamlNode::scalar(from.Scalar(), from.Tag() == "!", at);
            case YAML::NodeType::Sequence:
                return read_sequence(from, at, level);
            case YAML::NodeType::Map:
                return read_map(from, at, level);
        }
        return fail_at(at, "a value of no known kind");
    }

    Position position(const YAML::Mark& mark) const {
        // What is not there, as in an empty file, has no place: it is where the file begins.
        return {file_, std::max(0, mark.line) + 1, std::max(0, mark.column) + 1};
    }

  private:
    // NOLINTNEXTLINE(misc-no-recursion): bounded by kLevelsMax
    Result<YamlNode> read_sequence(const YAML::Node& from, const Position& at, int level) {
        YamlNode out{YamlNode::Kind::Sequence, at};
        for (const YAML::Node& each : from) {
            PLUMB_TRY(item, read(each, level + 1));
            out.add_item(std::move(item));
        }
        return out;
    }

    // NOLINTNEXTLINE(misc-no-recursion): bounded by kLevelsMax
    Result<YamlNode> read_map(const YAML::Node& from, const Position& at, int level) {
        YamlNode out{YamlNode::Kind::Map, at};
        std::set<std::string> seen;
        for (const auto& each : from) {
            const Position key_at = position(each.first.Mark());
            if (!each.first.IsScalar()) {
                return fail_at(key_at, "a key must be a single value");
            }
            if (!seen.insert(each.first.Scalar()).second) {
                return fail_at(key_at, fmt::format("'{}' stands here twice", each.first.Scalar()));
            }
            PLUMB_TRY(value, read(each.second, level + 1));
            out.add_member(YamlNode::scalar(each.first.Scalar(), true, key_at), std::move(value));
        }
        return out;
    }

    std::shared_ptr<const std::string> file_;
    std::size_t nodes_ = 0;
};

// Hears a document and keeps only where it begins.
class DocumentStarts final : public YAML::EventHandler {
  public:
    std::vector<YAML::Mark> starts;

    void OnDocumentStart(const YAML::Mark& mark) override { starts.push_back(mark); }
    void OnDocumentEnd() override {}
    void OnNull(const YAML::Mark&, YAML::anchor_t) override {}
    void OnAlias(const YAML::Mark&, YAML::anchor_t) override {}
    void OnScalar(const YAML::Mark&,
                  const std::string&,
                  YAML::anchor_t,
                  const std::string&) override {}
    void OnSequenceStart(const YAML::Mark&,
                         const std::string&,
                         YAML::anchor_t,
                         YAML::EmitterStyle::value) override {}
    void OnSequenceEnd() override {}
    void OnMapStart(const YAML::Mark&,
                    const std::string&,
                    YAML::anchor_t,
                    YAML::EmitterStyle::value) override {}
    void OnMapEnd() override {}
};

// Where the second document begins, if there is one. Not LoadAll: of a line that begins with a
// comma yaml-cpp 0.7 makes empty documents without end.
std::optional<YAML::Mark> second_document(const std::string& text) {
    std::istringstream in{text};
    YAML::Parser parser{in};
    DocumentStarts heard;
    while (heard.starts.size() < 2 && parser.HandleNextDocument(heard)) {
    }
    return heard.starts.size() < 2 ? std::nullopt : std::optional{heard.starts[1]};
}

}  // namespace

Result<YamlNode> parse_yaml(std::string_view text, std::string_view file) {
    TreeReader reader{std::make_shared<const std::string>(file)};
    try {
        const std::string whole{text};
        if (const auto second = second_document(whole)) {
            return fail_at(reader.position(*second), "a second YAML document; one file holds one");
        }
        return reader.read(YAML::Load(whole), 0);
    } catch (const YAML::Exception& error) {
        return fail_at(reader.position(error.mark), error.msg);
    }
}

Result<YamlNode> load_yaml_file(const std::filesystem::path& path) {
    std::ifstream in{path, std::ios::binary};
    std::ostringstream text;
    text << in.rdbuf();
    if (!in || in.bad()) {
        return fail(ErrorCode::IoError, fmt::format("cannot read {}", path.string()));
    }
    return parse_yaml(text.str(), path.lexically_normal().string());
}

}  // namespace plumb::project
