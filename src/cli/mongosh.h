// SPDX-License-Identifier: GPL-3.0-or-later
// mongosh for a person: the line to type, and starting it.
//
// Threads  one thread.
#pragma once

#include "base/result.h"

#include <string>
#include <string_view>

namespace plumb::cli {

// The url for mongosh's command line: with this database, and without the password, which mongosh
// then asks for: an argument can be read by everyone on the machine.
//
//   mongosh_url("mongodb://me:secret@h/admin?tls=true", "shop")
//   == "mongodb://me@h/shop?tls=true&authSource=admin"
[[nodiscard]] std::string mongosh_url(std::string_view url, std::string_view database);

// Runs the mongosh on the PATH in the foreground of the terminal until it ends, and tells its exit
// code. errors: UsageError if there is none, IoError if it cannot be started
[[nodiscard]] Result<int> run_mongosh(const std::string& url);

}  // namespace plumb::cli
