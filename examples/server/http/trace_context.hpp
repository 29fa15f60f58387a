#pragma once

#include <array>
#include <optional>
#include <string_view>

namespace aircargo::server {

/// Where a request stands in a trace over several services, as the W3C's Trace Context writes it:
/// `00-<trace-id>-<parent-id>-<flags>`. The parent is our part in the trace, so that whoever gets
/// `traceparent` from us hangs below us.
class trace_context {
public:
    /// Belongs to no trace: all views are empty.
    trace_context() = default;

    /// Our part in the trace of a caller, or in a new one when it sent no valid `traceparent`.
    [[nodiscard]] static trace_context continue_from(std::optional<std::string_view> traceparent);

    [[nodiscard]] std::string_view trace_id() const noexcept { return part(3, 32); }
    /// What to send with calls that are made because of the request.
    [[nodiscard]] std::string_view traceparent() const noexcept { return part(0, size); }

private:
    static constexpr std::size_t size = 55;

    [[nodiscard]] std::string_view part(std::size_t from, std::size_t length) const noexcept
    {
        return text_[0] == 0 ? std::string_view() : std::string_view(text_.data() + from, length);
    }

    std::array<char, size> text_{};
};

/// Whether the text is a `traceparent` that may be gone on from: of version 00 exactly, of a later
/// one as far as 00 reaches.
[[nodiscard]] bool is_traceparent(std::string_view text) noexcept;

}  // namespace aircargo::server
