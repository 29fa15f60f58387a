#include "page/web_page.hpp"
#include "page/content_policy.hpp"
#include "text.hpp"
#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>
#include <optional>
#include <system_error>
#include <utility>

namespace aircargo::server {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view index_name = "index.html";

struct file_kind {
    std::string_view extension;
    std::string_view content_type;
    bool compressible;
};
constexpr std::array kinds{
    file_kind{".html", "text/html; charset=utf-8", true},
    file_kind{".js", "text/javascript; charset=utf-8", true},
    file_kind{".css", "text/css; charset=utf-8", true},
    file_kind{".txt", "text/plain; charset=utf-8", true},  // a page's data, as Next.js writes it
    file_kind{".json", "application/json", true},
    file_kind{".map", "application/json", true},
    file_kind{".webmanifest", "application/manifest+json", true},
    file_kind{".xml", "application/xml", true},
    file_kind{".svg", "image/svg+xml", true},
    file_kind{".ico", "image/x-icon", true},
    file_kind{".wasm", "application/wasm", true},
    file_kind{".png", "image/png", false},
    file_kind{".jpg", "image/jpeg", false},
    file_kind{".webp", "image/webp", false},
    file_kind{".avif", "image/avif", false},
    file_kind{".woff2", "font/woff2", false},
    file_kind{"", "application/octet-stream", false},
};

[[nodiscard]] file_kind const& kind_of(std::string_view name)
{
    return *std::find_if(kinds.begin(), kinds.end(),
                         [&](auto const& k) { return name.ends_with(k.extension); });
}

/// Names of these have a hash of what is in them.
[[nodiscard]] bool never_changes(std::string_view path)
{
    return path.starts_with("/_next/static/");
}

[[nodiscard]] error bad_folder(fs::path const& folder, std::string const& why)
{
    return refuse(errc::invalid_request,
                  "--page (AIRCARGO_PAGE) is '" + folder.string() + "', and " + why);
}

[[nodiscard]] std::optional<std::string> contents(fs::path const& file)
{
    std::ifstream in(file, std::ios::binary);
    std::string bytes(std::istreambuf_iterator<char>(in), {});
    return in.good() || in.eof() ? std::optional(std::move(bytes)) : std::nullopt;
}

[[nodiscard]] web_file ready_file(std::string_view path, file_kind const& kind, std::string body)
{
    constexpr std::size_t digits = 16;  // of a hash: enough to tell versions of one file apart
    web_file file{
        .content_type = kind.content_type,
        .cache_control = never_changes(path) ? "public, max-age=31536000, immutable" : "no-cache"};
    if (kind.extension == ".html") file.policy = policy_of_page(body);
    file.etag = '"' + sha256(body).substr(0, digits) + '"';
    if (kind.compressible) file.gzipped = gzip(body);
    if (file.gzipped.size() >= body.size()) file.gzipped.clear();
    file.body = std::move(body);
    return file;
}

}  // namespace

result<web_page> web_page::read(fs::path const& folder)
{
    std::error_code failed;
    web_page page;
    fs::recursive_directory_iterator each(folder, failed);
    for (; !failed && each != fs::recursive_directory_iterator(); each.increment(failed)) {
        if (!each->is_regular_file(failed)) continue;
        auto const name = each->path().lexically_relative(folder).generic_string();
        if (auto added = page.add(each->path(), name); !added)
            return bad_folder(folder, added.error().detail);
    }
    if (failed) return bad_folder(folder, "can not be read: " + failed.message());
    if (page.find("/") == nullptr) return bad_folder(folder, "has no index.html");
    return page;
}

result<void> web_page::add(fs::path const& file, std::string const& name)
{
    constexpr auto bad = errc::invalid_request;
    if (++count_ > most_files)
        return refuse(bad, "has more than " + std::to_string(most_files) + " files");
    std::error_code failed;
    bytes_ += static_cast<std::size_t>(fs::file_size(file, failed));
    if (failed) return refuse(bad, name + " can not be read: " + failed.message());
    if (bytes_ > most_bytes)
        return refuse(bad, "has more than " + std::to_string(most_bytes >> 20U) + " MiB");
    auto body = contents(file);
    if (!body) return refuse(bad, name + " can not be read");

    auto path = '/' + name;
    auto const& kind = kind_of(name);
    if (('/' + name).ends_with('/' + std::string(index_name))) {
        path.resize(path.size() - index_name.size());
        if (path.size() > 1) by_path_[path.substr(0, path.size() - 1)].location = path;
    }
    by_path_[path] = ready_file(path, kind, *std::move(body));
    return {};
}

web_file const* web_page::find(std::string_view path) const
{
    auto const found = by_path_.find(path);
    return found == by_path_.end() ? nullptr : &found->second;
}

}  // namespace aircargo::server
