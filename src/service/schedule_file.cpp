#include <aircargo/service/schedule_file.hpp>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cerrno>
#include <string>
#include <string_view>
#include <system_error>

namespace aircargo::detail {
namespace {

class open_file {
public:
    explicit open_file(int descriptor) : descriptor_(descriptor) {}
    ~open_file()
    {
        if (descriptor_ >= 0) ::close(descriptor_);
    }
    open_file(open_file const&) = delete;
    open_file& operator=(open_file const&) = delete;

    [[nodiscard]] int descriptor() const noexcept { return descriptor_; }
    [[nodiscard]] bool failed() const noexcept { return descriptor_ < 0; }

private:
    int descriptor_;
};

/// What the system said last.
[[nodiscard]] error failure(std::string_view what, std::filesystem::path const& path)
{
    auto const code = errno;
    auto const said = std::generic_category().message(code);
    return refuse(code == ENOENT ? errc::not_found : errc::backend_down,
                  "can not " + std::string(what) + ' ' + path.string() + ": " + said);
}

[[nodiscard]] bool write_all(int to, std::span<std::byte const> bytes)
{
    while (!bytes.empty()) {
        auto const written = ::write(to, bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return false;
        bytes = bytes.subspan(static_cast<std::size_t>(written));
    }
    return true;
}

/// A rename is durable once its folder is.
[[nodiscard]] bool sync_folder_of(std::filesystem::path const& path)
{
    auto const folder = path.has_parent_path() ? path.parent_path() : std::filesystem::path(".");
    open_file const opened(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    return !opened.failed() && ::fsync(opened.descriptor()) == 0;
}

}  // namespace

result<mapped_file> map_file(std::filesystem::path const& path)
{
    open_file const file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (file.failed()) return failure("open", path);
    struct stat about {};
    if (::fstat(file.descriptor(), &about) != 0) return failure("read", path);
    if (!S_ISREG(about.st_mode)) {
        return refuse(errc::invalid_request, path.string() + " is not a file");
    }
    auto const size = static_cast<std::size_t>(about.st_size);
    if (size == 0) return mapped_file{};
    void* const at = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file.descriptor(), 0);
    if (at == MAP_FAILED) return failure("map", path);
    std::shared_ptr<void const> keep(at, [size](void* p) { ::munmap(p, size); });
    return mapped_file{std::move(keep), {static_cast<std::byte const*>(at), size}};
}

result<void> write_file(std::filesystem::path const& path, std::span<std::byte const> bytes)
{
    auto fresh = path.string() + ".XXXXXX";
    open_file const file(::mkostemp(fresh.data(), O_CLOEXEC));
    if (file.failed()) {
        auto why = failure("write", path);
        why.code = errc::backend_down;
        return why;
    }
    bool const done = ::fchmod(file.descriptor(), 0644) == 0 &&
                      write_all(file.descriptor(), bytes) && ::fsync(file.descriptor()) == 0 &&
                      ::rename(fresh.c_str(), path.c_str()) == 0;
    if (!done) {
        auto const why = failure("write", path);
        ::unlink(fresh.c_str());
        return why;
    }
    if (!sync_folder_of(path)) return failure("keep", path);
    return {};
}

error damaged_file(std::filesystem::path const& path, error const& why)
{
    return refuse(why.code, path.string() + ": " + why.detail);
}

}  // namespace aircargo::detail
