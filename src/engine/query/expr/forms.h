// SPDX-License-Identifier: GPL-3.0-or-later
// The operators that take a document: their arguments in the order their functions number them, and
// the error codes of MongoDB for what is missing or unknown.
#pragma once

#include "engine/query/expr/operator.h"

#include <array>

namespace plumb::query {

inline constexpr std::array kDatePartArguments{NamedArgument{"date", 40539},
                                               NamedArgument{"timezone"}};
inline constexpr NamedForm kDatePartForm{40536, 40535, kDatePartArguments};

inline constexpr std::array kDateToPartsArguments{
    NamedArgument{"date", 40522}, NamedArgument{"timezone"}, NamedArgument{"iso8601"}};
inline constexpr NamedForm kDateToPartsForm{40524, 40520, kDateToPartsArguments};

inline constexpr std::array kDateToStringArguments{NamedArgument{"date", 18628},
                                                   NamedArgument{"format"},
                                                   NamedArgument{"timezone"},
                                                   NamedArgument{"onNull"}};
inline constexpr NamedForm kDateToStringForm{18629, 18534, kDateToStringArguments};

inline constexpr std::array kDateFromStringArguments{NamedArgument{"dateString", 40542},
                                                     NamedArgument{"format"},
                                                     NamedArgument{"timezone"},
                                                     NamedArgument{"onNull"},
                                                     NamedArgument{"onError"}};
inline constexpr NamedForm kDateFromStringForm{40540, 40541, kDateFromStringArguments};

inline constexpr std::array kDateFromPartsArguments{NamedArgument{"year"},
                                                    NamedArgument{"month"},
                                                    NamedArgument{"day"},
                                                    NamedArgument{"hour"},
                                                    NamedArgument{"minute"},
                                                    NamedArgument{"second"},
                                                    NamedArgument{"millisecond"},
                                                    NamedArgument{"isoWeekYear"},
                                                    NamedArgument{"isoWeek"},
                                                    NamedArgument{"isoDayOfWeek"},
                                                    NamedArgument{"timezone"}};
inline constexpr NamedForm kDateFromPartsForm{40519, 40518, kDateFromPartsArguments};

inline constexpr std::array kConvertArguments{NamedArgument{"input", 9},
                                              NamedArgument{"to", 9},
                                              NamedArgument{"onError"},
                                              NamedArgument{"onNull"}};
inline constexpr NamedForm kConvertForm{9, 9, kConvertArguments};

inline constexpr std::array kTrimArguments{NamedArgument{"input", 50695}, NamedArgument{"chars"}};
inline constexpr NamedForm kTrimForm{50696, 50694, kTrimArguments};

inline constexpr std::array kRegexArguments{
    NamedArgument{"input", 31022}, NamedArgument{"regex", 31023}, NamedArgument{"options"}};
inline constexpr NamedForm kRegexForm{51103, 31024, kRegexArguments};

}  // namespace plumb::query
