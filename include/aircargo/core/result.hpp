#pragma once

#include <aircargo/core/error.hpp>
#include <boost/system/result.hpp>
#include <string>
#include <utility>

namespace aircargo {

/// A value, or the reason why there is none. Refusals are normal flow here, so nothing throws.
template <class T>
using result = boost::system::result<T, error>;

/// Makes a refusal that converts to any `result<T>`.
[[nodiscard]] inline error refuse(errc code, std::string detail)
{
    return {code, std::move(detail)};
}

}  // namespace aircargo
