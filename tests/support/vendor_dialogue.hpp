// Both sides of a feed without a socket between them: a vendor's codec logs in and subscribes at the
// vendor's own server side, which then writes frames as that vendor does.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "feeds/codec.hpp"

namespace yagura::test {

// Credentials that satisfy every vendor's form.
[[nodiscard]] feeds::CodecOptions any_credentials();

class VendorDialogue {
 public:
  // Logs in, connects to `target` and subscribes to `symbols` (our spelling). The vendor must have a
  // make_server.
  VendorDialogue(const feeds::Vendor& vendor, std::string_view target, const std::vector<std::string>& symbols);

  // The codec as it stands, for good: call it last.
  [[nodiscard]] std::unique_ptr<feeds::Codec> take_codec() { return std::move(codec_); }
  [[nodiscard]] const std::vector<feeds::HttpAnswer>& answers() const { return answers_; }  // of the log-in
  [[nodiscard]] const std::vector<std::string>& said() const { return said_; }  // by the vendor, up to the first tick
  // The frame for a tick; empty when the vendor has none for it.
  [[nodiscard]] std::string frame_of(const feeds::ReplayTick& tick);

 private:
  void log_in(const std::vector<std::string>& theirs);
  void hear(const feeds::ServerReply& reply);
  void say(const std::string& frame);

  const feeds::Vendor& vendor_;
  feeds::VendorServerShared shared_;
  std::unique_ptr<feeds::Codec> codec_;
  std::unique_ptr<feeds::VendorServer> server_;
  std::vector<feeds::HttpAnswer> answers_;
  std::vector<std::string> said_;
  MonoTime now_{};
};

}  // namespace yagura::test
