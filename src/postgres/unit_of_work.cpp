#include "postgres/unit_of_work.hpp"
#include <aircargo/core/assert.hpp>

namespace aircargo::detail {
namespace {

thread_local unit_of_work* standing = nullptr;

}  // namespace

unit_of_work::unit_of_work(void const* database, pg_connection& connection)
    : database_(database), connection_(connection)
{
    AIRCARGO_ASSERT(standing == nullptr);
    standing = this;
}

unit_of_work::~unit_of_work() { standing = nullptr; }

unit_of_work* unit_of_work::of(void const* database) noexcept
{
    return standing && standing->database_ == database ? standing : nullptr;
}

pg_result<std::vector<pg_rows>> unit_of_work::run(std::span<pg_call const> calls)
{
    auto answers = connection_.run(calls);
    if (answers.has_error() && !failure_) failure_ = answers.error();
    return answers;
}

}  // namespace aircargo::detail
