// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/commands/secret_file.h"

#include "engine/auth/crypto.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace plumb::commands {

namespace {

constexpr std::size_t kSecretBytes = 32;
constexpr mode_t kOwnerOnly = 0600;

// Closes a descriptor at its end.
class File {
  public:
    File(const std::string& path, int flags)
        : descriptor_(::open(path.c_str(), flags | O_CLOEXEC, kOwnerOnly)) {}
    File(const File&) = delete;
    File& operator=(const File&) = delete;
    ~File() {
        if (descriptor_ >= 0) {
            ::close(descriptor_);
        }
    }
    [[nodiscard]] bool is_open() const { return descriptor_ >= 0; }
    [[nodiscard]] bool read(std::string& out) const {
        return ::read(descriptor_, out.data(), out.size()) == static_cast<ssize_t>(out.size());
    }
    [[nodiscard]] bool write(const std::string& bytes) const {
        return ::write(descriptor_, bytes.data(), bytes.size()) ==
                   static_cast<ssize_t>(bytes.size()) &&
               ::fsync(descriptor_) == 0;
    }

  private:
    int descriptor_;
};

Error cannot(std::string_view what, const std::string& path) {
    return fail(ErrorCode::IoError,
                fmt::format("cannot {} {}: {}",
                            what,
                            path,
                            std::error_code{errno, std::generic_category()}.message()));
}

}  // namespace

Result<std::string> read_or_make_secret(const std::string& data_directory) {
    if (data_directory.empty()) {
        return auth::random_bytes(kSecretBytes);
    }
    const std::string path = data_directory + "/plumbd.secret";
    {
        const File file{path, O_RDONLY};
        if (file.is_open()) {
            std::string out(kSecretBytes, '\0');
            return file.read(out) ? Result<std::string>{std::move(out)} : cannot("read", path);
        }
        if (errno != ENOENT) {
            return cannot("open", path);
        }
    }
    PLUMB_TRY(fresh, auth::random_bytes(kSecretBytes));
    // Whole or not at all: a secret that was cut short would be refused for ever.
    const std::string unfinished = path + ".new";
    {
        const File file{unfinished, O_WRONLY | O_CREAT | O_TRUNC};
        if (!file.is_open() || !file.write(fresh)) {
            return cannot("write", unfinished);
        }
    }
    if (::rename(unfinished.c_str(), path.c_str()) != 0) {
        return cannot("write", path);
    }
    return fresh;
}

}  // namespace plumb::commands
