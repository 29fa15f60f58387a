#pragma once

#include <aircargo/core/utc_time.hpp>
#include <boost/endian/conversion.hpp>
#include <libpq-fe.h>
#include <chrono>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <iterator>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

/// PostgreSQL's binary format, both ways: numbers big end first, times as microseconds since 2000.
namespace aircargo::detail {

using pg_bytes = std::string;

/// What the server calls a type, and an array of it.
struct pg_type {
    Oid scalar;
    Oid array;
};
template <class T>
[[nodiscard]] constexpr pg_type pg_type_of() noexcept
{
    if constexpr (std::same_as<T, bool>) return {16, 1000};
    if constexpr (std::same_as<T, std::int64_t>) return {20, 1016};
    if constexpr (std::same_as<T, std::int32_t>) return {23, 1007};
    if constexpr (std::convertible_to<T, std::string_view>) return {25, 1009};
    if constexpr (std::same_as<T, utc_time>) return {1184, 1185};
}

template <std::integral Number>
void pg_append(pg_bytes& out, Number value)
{
    auto const big = boost::endian::native_to_big(value);
    char bytes[sizeof big];
    std::memcpy(bytes, &big, sizeof big);
    out.append(bytes, sizeof bytes);
}

namespace pg_time {

inline constexpr std::int64_t epoch = 946'684'800;  // 2000-01-01T00:00:00Z
inline constexpr std::int64_t per_second = 1'000'000;
inline constexpr std::int64_t infinity = std::numeric_limits<std::int64_t>::max();
inline constexpr std::int64_t minus_infinity = std::numeric_limits<std::int64_t>::min();
inline constexpr std::int64_t first = -210'866'803'200;  // 4714-11-24 BC, where its count begins
inline constexpr std::int64_t end = 9'224'318'016'000;   // 294277-01-01, where it ends

/// What the server can not count becomes its infinity.
[[nodiscard]] constexpr std::int64_t from(utc_time t) noexcept
{
    auto const seconds = to_epoch(t);
    if (seconds >= end) return infinity;
    if (seconds < first) return minus_infinity;
    return (seconds - epoch) * per_second;
}
[[nodiscard]] constexpr utc_time to(std::int64_t microseconds) noexcept
{
    auto const second =
        std::chrono::floor<std::chrono::seconds>(std::chrono::microseconds(microseconds));
    return utc_time(second + std::chrono::seconds(epoch));
}

}  // namespace pg_time

/// Writes a value as a parameter or as an element of an array holds it: its length, then itself.
template <class T>
void pg_append_value(pg_bytes& out, T const& value)
{
    if constexpr (std::same_as<T, bool>) {
        pg_append(out, std::int32_t{1});
        out.push_back(value ? '\1' : '\0');
    } else if constexpr (std::same_as<T, utc_time>) {
        pg_append_value(out, pg_time::from(value));
    } else if constexpr (std::integral<T>) {
        pg_append(out, static_cast<std::int32_t>(sizeof value));
        pg_append(out, value);
    } else {
        std::string_view const text = value;
        pg_append(out, static_cast<std::int32_t>(text.size()));
        out.append(text);
    }
}
template <class T>
void pg_append_value(pg_bytes& out, std::optional<T> const& value)
{
    if (value) {
        pg_append_value(out, *value);
    } else {
        pg_append(out, std::int32_t{-1});
    }
}

/// What an array begins with; its elements follow.
inline void pg_append_array_head(pg_bytes& out, Oid element, std::int32_t count)
{
    pg_append(out, std::int32_t{count > 0 ? 1 : 0});  // dimensions
    pg_append(out, std::int32_t{1});                  // may hold nulls
    pg_append(out, static_cast<std::uint32_t>(element));
    if (count > 0) {
        pg_append(out, count);
        pg_append(out, std::int32_t{1});  // the first index
    }
}

/// The parameters of a statement, in order.
class pg_parameters {
public:
    template <class T>
    pg_parameters& value(T const& v)
    {
        constexpr std::size_t length = sizeof(std::int32_t);
        pg_bytes bytes;
        pg_append_value(bytes, v);
        return add(pg_type_of<T>().scalar, bytes.substr(length));
    }
    /// One array with `of(entry)` for every entry; an optional may be null.
    template <class Range, class Of>
    pg_parameters& column(Range const& entries, Of of)
    {
        using answer = std::remove_cvref_t<decltype(of(*std::begin(entries)))>;
        pg_bytes elements;
        std::int32_t count = 0;
        for (auto const& entry : entries) {
            pg_append_value(elements, static_cast<answer>(of(entry)));
            ++count;
        }
        pg_bytes array;
        pg_append_array_head(array, pg_type_of<scalar_of<answer>>().scalar, count);
        return add(pg_type_of<scalar_of<answer>>().array, array + elements);
    }

    [[nodiscard]] std::size_t size() const noexcept { return values_.size(); }
    [[nodiscard]] std::vector<Oid> const& types() const noexcept { return types_; }
    [[nodiscard]] std::vector<pg_bytes> const& values() const noexcept { return values_; }

private:
    template <class T>
    struct without_optional {
        using type = T;
    };
    template <class T>
    struct without_optional<std::optional<T>> {
        using type = T;
    };
    template <class T>
    using scalar_of = typename without_optional<T>::type;

    pg_parameters& add(Oid type, pg_bytes bytes)
    {
        types_.push_back(type);
        values_.push_back(std::move(bytes));
        return *this;
    }

    std::vector<Oid> types_;
    std::vector<pg_bytes> values_;
};

/// Rows for COPY ... (FORMAT binary), column after column.
class pg_copy_rows {
public:
    explicit pg_copy_rows(std::int16_t columns) noexcept : columns_(columns) {}

    /// Begins a row; a value for each column follows.
    pg_copy_rows& row()
    {
        pg_append(bytes_, columns_);
        return *this;
    }
    template <class T>
    pg_copy_rows& value(T const& v)
    {
        pg_append_value(bytes_, v);
        return *this;
    }
    /// A NUMERIC with three decimals, of its thousandths. \pre thousandths >= 0
    pg_copy_rows& thousandths(std::int64_t thousandths);
    /// A BIGINT[] with `of(entry)` for every entry.
    template <class Range, class Of>
    pg_copy_rows& array(Range const& entries, Of of)
    {
        pg_bytes array;
        pg_append_array_head(array, pg_type_of<std::int64_t>().scalar,
                             static_cast<std::int32_t>(std::size(entries)));
        for (auto const& entry : entries) pg_append_value(array, std::int64_t{of(entry)});
        return value(std::string_view(array));
    }

    [[nodiscard]] std::string_view bytes() const noexcept { return bytes_; }

private:
    std::int16_t columns_;
    pg_bytes bytes_;
};

/// The server counts in ten thousands: groups of four decimal digits, with the power of the first.
inline pg_copy_rows& pg_copy_rows::thousandths(std::int64_t thousandths)
{
    constexpr std::int64_t base = 10'000;
    constexpr std::int16_t decimals = 3;
    std::vector<std::int16_t> groups{static_cast<std::int16_t>(thousandths % 1000 * 10)};
    for (auto whole = thousandths / 1000; whole > 0; whole /= base)
        groups.push_back(static_cast<std::int16_t>(whole % base));

    pg_bytes number;
    pg_append(number, static_cast<std::int16_t>(groups.size()));
    pg_append(number, static_cast<std::int16_t>(groups.size() - 2));  // the power of the first
    pg_append(number, std::int16_t{0});                               // not negative
    pg_append(number, decimals);
    for (auto group = groups.rbegin(); group != groups.rend(); ++group) pg_append(number, *group);
    return value(std::string_view(number));
}

/// What a statement answered, in binary.
class pg_rows {
public:
    explicit pg_rows(PGresult* owned) noexcept : result_(owned) {}

    [[nodiscard]] int size() const noexcept { return PQntuples(result_.get()); }
    [[nodiscard]] bool is_null(int row, int column) const noexcept
    {
        return PQgetisnull(result_.get(), row, column) != 0;
    }
    /// Valid as long as these rows.
    [[nodiscard]] std::string_view text(int row, int column) const noexcept
    {
        return {PQgetvalue(result_.get(), row, column),
                static_cast<std::size_t>(PQgetlength(result_.get(), row, column))};
    }
    /// Of BOOLEAN, INTEGER or BIGINT.
    [[nodiscard]] std::int64_t integer(int row, int column) const noexcept
    {
        std::int64_t number = 0;
        auto const bytes = text(row, column);
        if (!bytes.empty() && static_cast<signed char>(bytes.front()) < 0) number = -1;
        for (char byte : bytes) {
            auto const shifted = static_cast<std::uint64_t>(number) << 8U;
            number = static_cast<std::int64_t>(shifted | static_cast<unsigned char>(byte));
        }
        return number;
    }
    [[nodiscard]] utc_time time(int row, int column) const noexcept
    {
        return pg_time::to(integer(row, column));
    }

private:
    struct clear {
        void operator()(PGresult* r) const noexcept { PQclear(r); }
    };
    std::unique_ptr<PGresult, clear> result_;
};

}  // namespace aircargo::detail
