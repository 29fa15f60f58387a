#include "demo/api_client.hpp"
#include <curl/curl.h>
#include <algorithm>
#include <new>
#include <stdexcept>
#include <utility>

namespace aircargo::server {
namespace {

constexpr long patience_s = 30;

}  // namespace

/// One request after the other over the same connection.
class api_client::transfer {
public:
    transfer() : easy_(curl_easy_init(), curl_easy_cleanup)
    {
        if (!easy_) throw std::runtime_error("libcurl does not start");
    }
    ~transfer() { curl_slist_free_all(fields_); }
    transfer(transfer const&) = delete;
    transfer& operator=(transfer const&) = delete;

    void begin(std::string const& url, std::string const& method)
    {
        curl_easy_reset(easy_.get());  // the connection stays
        curl_slist_free_all(std::exchange(fields_, nullptr));
        text_.clear();
        set(CURLOPT_URL, url.c_str());
        set(CURLOPT_CUSTOMREQUEST, method.c_str());
        set(CURLOPT_PROTOCOLS_STR, "https,http");
        set(CURLOPT_USERAGENT, "aircargo-demo/" AIRCARGO_VERSION);
        set(CURLOPT_NOSIGNAL, 1L);
        set(CURLOPT_TIMEOUT, patience_s);
        set(CURLOPT_WRITEFUNCTION, &transfer::take);
        set(CURLOPT_WRITEDATA, this);
    }
    void add_field(std::string const& line)
    {
        auto* const longer = curl_slist_append(fields_, line.c_str());
        if (longer == nullptr) throw std::bad_alloc();
        fields_ = longer;
    }
    /// \param body must stay until the request has ended
    void add_body(std::string const& body)
    {
        add_field("Content-Type: application/json");
        set(CURLOPT_POSTFIELDS, body.c_str());
        set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.size()));
    }

    [[nodiscard]] result<answer> end()
    {
        set(CURLOPT_HTTPHEADER, fields_);
        auto const code = curl_easy_perform(easy_.get());
        if (code != CURLE_OK) return refuse(errc::backend_down, curl_easy_strerror(code));
        long status = 0;
        curl_off_t retry_after = 0;
        curl_easy_getinfo(easy_.get(), CURLINFO_RESPONSE_CODE, &status);
        curl_easy_getinfo(easy_.get(), CURLINFO_RETRY_AFTER, &retry_after);
        auto body = nlohmann::json::parse(text_, nullptr, false);
        if (body.is_discarded()) body = nullptr;
        return answer{status, std::move(body), std::chrono::seconds(retry_after)};
    }

private:
    template <class Value>
    void set(CURLoption option, Value value)
    {
        if (curl_easy_setopt(easy_.get(), option, value) != CURLE_OK)
            throw std::runtime_error("libcurl is older than the one this was built with");
    }
    static std::size_t take(char* data, std::size_t size, std::size_t count, void* self)
    {
        static_cast<transfer*>(self)->text_.append(data, size * count);
        return size * count;
    }

    std::unique_ptr<CURL, void (*)(CURL*)> easy_;
    curl_slist* fields_ = nullptr;
    std::string text_;
};

api_client::api_client(std::string url)
    : url_(std::move(url)), transfer_(std::make_unique<transfer>())
{
    while (url_.ends_with('/')) url_.pop_back();
}

api_client::~api_client() = default;

result<api_client::answer> api_client::call(std::string_view method, std::string const& path,
                                            std::string const& body, std::string const& key)
{
    transfer_->begin(url_ + path, std::string(method));
    if (!token_.empty()) transfer_->add_field("Authorization: Bearer " + token_);
    if (!key.empty()) transfer_->add_field("Idempotency-Key: " + key);
    if (!body.empty()) transfer_->add_body(body);
    return transfer_->end();
}

}  // namespace aircargo::server
