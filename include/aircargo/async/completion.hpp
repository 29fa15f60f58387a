#pragma once

#include <aircargo/async/funnel.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <type_traits>
#include <utility>

namespace aircargo {

/// The Asio front of a funnel: submits `request` and completes with `void(result<Answer>)` in the
/// way that `token` asks for (callback, `use_future`, `use_awaitable`, ...), on the handler's
/// associated executor, which is kept busy until then.
template <class Request, class Answer, class Key, class CompletionToken>
auto async_submit(funnel<Request, Answer, Key>& into, Request request, CompletionToken&& token)
{
    namespace asio = boost::asio;
    return asio::async_initiate<CompletionToken, void(result<Answer>)>(
        [&into](auto handler, Request r) {
            auto executor = asio::get_associated_executor(handler);
            auto work = asio::make_work_guard(executor);
            into.submit(std::move(r), [handler = std::move(handler), executor,
                                       work = std::move(work)](result<Answer> answer) mutable {
                asio::post(executor,
                           [handler = std::move(handler), answer = std::move(answer)]() mutable {
                               std::move(handler)(std::move(answer));
                           });
            });
        },
        token, std::move(request));
}

}  // namespace aircargo
