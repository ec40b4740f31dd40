// SPDX-License-Identifier: GPL-3.0-or-later
// Phones and e-mails as people write them, in a form in which the same ones are equal.
//
// Threads  pure functions.
#pragma once

#include <string>
#include <string_view>

namespace plumb::migrate {

// The last ten digits: "+91 98765-43210" is "9876543210". Empty if there are fewer.
[[nodiscard]] std::string normal_phone(std::string_view text);

// Without spaces around it, in lower case (ASCII). Empty if there is no @ inside.
[[nodiscard]] std::string normal_email(std::string_view text);

}  // namespace plumb::migrate
