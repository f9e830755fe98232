#include "app/api_requests.hpp"

#include <cstdlib>

#include "app/http_client.hpp"  // error_of
#include "core/net/clean_text.hpp"
#include "core/net/proxy.hpp"
#include "core/thread_name.hpp"

namespace yagura::app {

namespace {

constexpr const char* kFetch = "GET";
constexpr std::size_t kMostBody = std::size_t{4} << 20;

}  // namespace

using console::terminal::Request;

ApiRequests::ApiRequests(const ConsoleAddress& address, std::string token, ScreenMail& mail)
    : address_(address), token_(std::move(token)), mail_(mail), worker_([this](const std::stop_token& stop) {
        name_this_thread("requests");
        run(stop);
      }) {}

ApiRequests::~ApiRequests() = default;

bool ApiRequests::ask(Request request) {
  const std::lock_guard lock{mutex_};
  if (!waiting_.change(std::move(request))) return false;
  arrived_.notify_one();
  return true;
}

void ApiRequests::fetch(std::vector<std::string> paths) {
  const std::lock_guard lock{mutex_};
  waiting_.fetch(std::move(paths));
  arrived_.notify_one();
}

void ApiRequests::run(const std::stop_token& stop) {
  // The way there was found good when the connection beside this one was made.
  auto proxy = net::choose_proxy("", address_.api, [](const char* name) { return std::getenv(name); });
  net::HttpClient client{{.proxy = proxy ? *std::move(proxy) : std::nullopt, .most_body = kMostBody}};
  while (true) {
    Request request;
    {
      std::unique_lock lock{mutex_};
      if (!arrived_.wait(lock, stop, [this] { return !waiting_.empty(); })) return;
      request = waiting_.take();
    }
    auto reply = send(client, request, stop);
    if (request.method != kFetch)
      mail_.put(ScreenAnswer{request.what, reply.good, reply.good ? std::string{} : std::move(reply.text)});
    else if (reply.good)
      mail_.put(ScreenFetched{std::move(reply.text)});
  }
}

ApiRequests::Reply ApiRequests::send(net::HttpClient& client, const Request& request,
                                     const std::stop_token& stop) const {
  net::HttpClient::Request sent{.url = address_.api,
                                .method = request.method,
                                .headers = {{"Content-Type", "application/json"}},
                                .body = request.json.empty() && request.method != kFetch ? "{}" : request.json};
  sent.url.target += request.path;
  if (!token_.empty()) sent.headers.emplace_back("Authorization", "Bearer " + token_);
  const auto answer = client.send(sent, stop);
  if (!answer) return {false, answer.error().message};
  if (answer->status < 400) return {true, answer->body};
  return {false, net::clean_text(error_of({answer->status, answer->body}))};
}

}  // namespace yagura::app
