// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/report/html.h"

#include <fmt/format.h>

#include <utility>

namespace plumb::report {
namespace {

// True if more than three letters follow: a word, no unit.
bool is_word(std::string_view text) {
    std::size_t letters = 0;
    while (letters < text.size() && ((text[letters] >= 'a' && text[letters] <= 'z') ||
                                     (text[letters] >= 'A' && text[letters] <= 'Z'))) {
        ++letters;
    }
    return letters > 3;
}

}  // namespace

std::string escaped(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (const char letter : text) {
        switch (letter) {
            case '&':
                out += "&amp;";
                break;
            case '<':
                out += "&lt;";
                break;
            case '>':
                out += "&gt;";
                break;
            case '"':
                out += "&quot;";
                break;
            case '\'':
                out += "&#39;";
                break;
            default:
                out += letter;
        }
    }
    return out;
}

std::string prose(std::string_view text) {
    constexpr std::string_view kUnitsAndDigits = "0123456789%×sµnmkMGB";
    const auto is_digit = [](char letter) { return letter >= '0' && letter <= '9'; };
    std::string out;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const bool joins = text[at] == ' ' && at > 0 && is_digit(text[at - 1]) &&
                           at + 1 < text.size() &&
                           kUnitsAndDigits.find(text[at + 1]) != std::string_view::npos &&
                           (at + 2 == text.size() || !is_word(text.substr(at + 1)));
        out += joins ? "\u00a0" : escaped(text.substr(at, 1));
    }
    return out;
}

Table& Table::stacked() {
    stacked_ = true;
    return *this;
}

Table& Table::column(std::string_view heading, bool numeric) {
    columns_.push_back({escaped(heading), numeric});
    return *this;
}

Table& Table::row(std::vector<std::string> cells) {
    rows_.push_back(std::move(cells));
    return *this;
}

std::string Table::html() const {
    std::string out = fmt::format(
        "<div class=\"scroll\" tabindex=\"0\"><table{}><caption>{}</caption><thead><tr>",
        stacked_ ? " class=\"stack\"" : "",
        caption_);
    for (const Column& column : columns_) {
        out += fmt::format(
            "<th scope=\"col\"{}>{}</th>", column.numeric ? " class=\"n\"" : "", column.heading);
    }
    out += "</tr></thead><tbody>\n";
    for (const auto& cells : rows_) {
        out += "<tr>";
        for (std::size_t index = 0; index < cells.size(); ++index) {
            const bool numeric = index < columns_.size() && columns_[index].numeric;
            out += fmt::format("<td{}{}>{}</td>",
                               numeric ? " class=\"n\"" : "",
                               stacked_ && index < columns_.size()
                                   ? fmt::format(" data-l=\"{}\"", columns_[index].heading)
                                   : std::string{},
                               cells[index]);
        }
        out += "</tr>\n";
    }
    return out + "</tbody></table></div>\n";
}

std::string_view style_sheet() {
    return R"(
:root{color-scheme:light dark;--bg:#fbfbf9;--fg:#1d2327;--dim:#59636b;--line:#d9dcd8;--card:#fff;
--before:#8c98a4;--after:#0b6e99;--band:#c77d0a;--good:#1a6e3a;--bad:#a8251c;--neutral:#6b5500}
@media (prefers-color-scheme:dark){:root{--bg:#14181b;--fg:#e6e9eb;--dim:#a3adb5;--line:#343c42;
--card:#1b2125;--before:#7b8894;--after:#4fb3dc;--band:#e0a33b;--good:#67c98a;--bad:#f28b82;
--neutral:#d9bf5f}}
*{box-sizing:border-box}
body{margin:0;background:var(--bg);color:var(--fg);font:16px/1.5 system-ui,sans-serif}
main{max-width:1180px;margin:0 auto;padding:1rem}
h1{font-size:1.6rem;line-height:1.2;margin:.5rem 0}
h2{font-size:1.2rem;margin:2.2rem 0 .6rem;border-bottom:1px solid var(--line);padding-bottom:.2rem}
p,li{max-width:75ch}
.dim{color:var(--dim);font-size:.9rem}
.summary{background:var(--card);border:1px solid var(--line);border-radius:.5rem;padding:.6rem 1rem}
.summary ul{margin:.2rem 0;padding-left:1.1rem}
.scroll{overflow-x:auto;border:1px solid var(--line);border-radius:.5rem;background:var(--card)}
table{border-collapse:collapse;width:100%;font-size:.9rem}
caption{text-align:left;padding:.5rem .7rem;color:var(--dim)}
th,td{text-align:left;vertical-align:top;padding:.35rem .7rem;border-top:1px solid var(--line)}
th{font-weight:600;white-space:nowrap}
.n{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}
code{font:.85em ui-monospace,monospace;overflow-wrap:anywhere}
pre{overflow-x:auto;background:var(--card);
border:1px solid var(--line);border-radius:.5rem;padding:.7rem}
.v{font-weight:600;white-space:nowrap}
.exceeded,.met{color:var(--good)}.missed{color:var(--bad)}
.nodifference,.notmeasured{color:var(--neutral)}
.nopromise{color:var(--dim);font-weight:400}
.plot{background:var(--card);border:1px solid var(--line);border-radius:.5rem;padding:.7rem}
.legend{display:flex;flex-wrap:wrap;gap:.2rem 1.2rem;font-size:.9rem;margin-bottom:.6rem}
.legend svg{width:1.6rem;height:.8rem;margin-right:.35rem;vertical-align:middle}
.bar{margin:.55rem 0}
.bar .head{display:flex;flex-wrap:wrap;justify-content:space-between;gap:0 1rem;font-size:.9rem}
.bar svg{display:block;width:100%;height:30px}
.bar svg.low{height:18px}
.one{stroke:var(--fg);stroke-width:1.5;vector-effect:non-scaling-stroke}
h3{font-size:1rem;margin:1.4rem 0 .5rem}
.axis{position:relative;height:1.4rem;font-size:.75rem;color:var(--dim)}
.axis span{position:absolute;transform:translateX(-50%);white-space:nowrap}
.axis span:first-child{transform:none}.axis span:last-child{transform:translateX(-100%)}
.grid{stroke:var(--line);stroke-width:1;vector-effect:non-scaling-stroke}
.b{fill:var(--before)}.a{fill:var(--after)}
.p{fill:var(--band);fill-opacity:.22;
stroke:var(--band);stroke-width:1.5;vector-effect:non-scaling-stroke}
@media (max-width:480px){main{padding:.6rem}body{font-size:15px}}
@media screen and (max-width:700px){
.scroll td:first-child,.scroll th:first-child{position:sticky;left:0;background:var(--card)}
.stack,.stack caption,.stack tbody,.stack tr,.stack td{display:block}.stack thead{display:none}
.stack tr{border-top:1px solid var(--line);padding:.4rem 0}
.stack td{border:0;padding:.1rem .7rem}.stack td:first-child{font-weight:600;position:static}
.stack td:not(:first-child):not(:empty)::before{content:attr(data-l) ": ";color:var(--dim)}}
@media print{body{background:#fff;color:#000;font-size:10pt}main{max-width:none;padding:0}
.scroll{overflow:visible;border:0}.bar,tr{break-inside:avoid}h2{break-after:avoid}
*{print-color-adjust:exact;-webkit-print-color-adjust:exact}}
)";
}

}  // namespace plumb::report
