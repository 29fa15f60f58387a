#pragma once

#include <aircargo/core/result.hpp>
#include <nlohmann/json.hpp>
#include <chrono>
#include <memory>
#include <string>
#include <string_view>

namespace aircargo::server {

/// A client of a running server, one request at a time.
class api_client {
public:
    struct answer {
        long status;
        nlohmann::json body;               ///< null where it is none
        std::chrono::seconds retry_after;  ///< 0 where it does not say
    };

    /// \param url of the server, such as `http://127.0.0.1:8080`
    explicit api_client(std::string url);
    ~api_client();
    api_client(api_client const&) = delete;
    api_client& operator=(api_client const&) = delete;

    /// What goes into Authorization from now on, behind `Bearer`.
    void take_token(std::string token) { token_ = std::move(token); }

    /// \param body JSON; empty for none \param key its Idempotency-Key; empty for none
    /// \return the answer, whatever its status, or `backend_down` where there is none
    [[nodiscard]] result<answer> call(std::string_view method, std::string const& path,
                                      std::string const& body = {}, std::string const& key = {});

private:
    class transfer;

    std::string url_;
    std::string token_;
    std::unique_ptr<transfer> transfer_;
};

}  // namespace aircargo::server
