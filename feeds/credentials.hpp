// What a vendor wants to know before it says anything.
#pragma once

#include <string>
#include <vector>

namespace yagura::feeds {

// Read from the environment or from files, never from the configuration itself.
struct Credentials {
  std::string token;     // an API key, access token or session: SECRET
  std::string user;      // whose password it is
  std::string password;  // SECRET
  std::string account;   // which of the user's accounts

  // What must never be shown. Without the empty ones.
  [[nodiscard]] std::vector<std::string> secrets() const {
    std::vector<std::string> all;
    for (const auto* secret : {&token, &password}) {
      if (!secret->empty()) all.push_back(*secret);
    }
    return all;
  }
};

}  // namespace yagura::feeds
