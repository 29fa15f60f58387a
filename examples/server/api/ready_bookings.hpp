#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace aircargo::server {

/// A booking as it is sent.
struct ready_booking {
    std::string json;
    std::string etag;
};

/// Bookings that were put into words before, beside the bytes that the cache keeps of them: these
/// are equal only for the same state of the same booking, so nothing here can be out of date. A
/// new one takes the place of the one that was there. Thread-safe.
class ready_bookings {
public:
    using shared = std::shared_ptr<ready_booking const>;

    /// \param make answers a `ready_booking` of these bytes, or nothing; then so does this
    template <class Make>
    [[nodiscard]] shared of(std::string_view kept, Make make)
    {
        auto& p = places_[std::hash<std::string_view>()(kept) % places_.size()];
        {
            std::scoped_lock const lock(p.mutex);
            if (p.ready && p.kept == kept) return p.ready;
        }
        std::optional<ready_booking> words = make();
        if (!words) return nullptr;
        auto made = std::make_shared<ready_booking const>(*std::move(words));
        std::scoped_lock const lock(p.mutex);
        p.kept = kept;
        p.ready = made;
        return made;
    }

private:
    struct place {
        std::mutex mutex;
        std::string kept;
        shared ready;
    };
    std::vector<place> places_ = std::vector<place>(8192);  // some 5 MB in all
};

}  // namespace aircargo::server
