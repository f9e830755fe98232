// send_webhook URL: sends one letter through the webhook channel, signed with the secrets of the
// environment's HOOK_SECRET and HOOK_OLD_SECRET. For verifiers that are not ours.
#include <cstdio>
#include <cstdlib>

#include "alerts/channels/make_channel.hpp"

namespace {

yagura::Secret from_environment(const char* name) {
  const char* const value = std::getenv(name);
  return value == nullptr ? yagura::Secret{} : yagura::Secret{{.env = name, .file = ""}, value};
}

}  // namespace

int main(int argc, char** argv) {
  using namespace yagura::alerts;
  if (argc != 2) return 2;
  WebhookChannel options;
  options.plain_url = argv[1];
  options.secret = from_environment("HOOK_SECRET");
  options.old_secret = from_environment("HOOK_OLD_SECRET");
  options.http.proxy = "none";
  SinkOptions sink;
  sink.name = "hook";
  sink.channel = options;
  auto channel = make_channel(sink);
  if (!channel) return std::fprintf(stderr, "%s\n", channel.error().message.c_str()), 1;

  Letter letter;
  letter.id = letter.episode = {0x0123456789abcdef, 0xfedcba9876543210};
  letter.json =
      R"({"v":1,"id":"0123456789abcdeffedcba9876543210","title":"日経平均 57,000 🚀 \u0007\\ \"quoted\" </script>"})";
  const auto attempt = (*channel)->send(letter, {});
  std::printf("%s\n", attempt.detail.c_str());
  return attempt.result == Attempt::Result::kDelivered ? 0 : 1;
}
