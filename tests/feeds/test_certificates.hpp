// Certificates from authorities of our own, made for this run.
#pragma once

#include <gtest/gtest.h>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

namespace yagura::feeds {

// In a folder that goes with the process: the authorities "ca" and "other-ca", and of "ca"
// "good" (localhost, 127.0.0.1, ::1), "wrong-host", "expired" and "early"; "self" signed itself. NAME.pem,
// NAME.key.
class TestCertificates {
 public:
  static const TestCertificates& folder() {
    static const TestCertificates made;
    return made;
  }
  [[nodiscard]] std::string file(const std::string& name) const { return (path_ / name).string(); }

 private:
  // A new one, whatever an earlier process of the same number has left behind.
  static std::filesystem::path new_folder() {
    auto name = (std::filesystem::temp_directory_path() / "yagura-tls-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) ADD_FAILURE() << name;
    return name;
  }

  TestCertificates() : path_(new_folder()) {
    for (const std::string ca : {"ca", "other-ca"}) {
      run("openssl req -x509 " + kNewKey + "-keyout " + ca + ".key -out " + ca + ".pem -days 2 -subj /CN=" + ca);
    }
    make("good", "DNS:localhost,IP:127.0.0.1,IP:::1", "-days 2");
    make("wrong-host", "DNS:example.com,IP:192.0.2.1", "-days 2");
    make("expired", "DNS:localhost,IP:127.0.0.1", "-days -1");
    make_early();
    run("openssl req -x509 " + kNewKey +
        "-keyout self.key -out self.pem -days 2 -subj /CN=localhost "
        "-addext subjectAltName=DNS:localhost,IP:127.0.0.1");
  }
  ~TestCertificates() { std::filesystem::remove_all(path_); }

  void run(const std::string& command) const {
    const auto code = std::system(("cd '" + path_.string() + "' && (" + command + ") >/dev/null 2>&1").c_str());
    if (code != 0) ADD_FAILURE() << command;
  }
  void make(const std::string& name, const std::string& names, const std::string& days) const {
    std::ofstream{path_ / (name + ".ext")} << "subjectAltName=" << names << "\n";
    run("openssl req " + kNewKey + "-keyout " + name + ".key -out " + name + ".csr -subj /CN=" + name);
    run("openssl x509 -req -in " + name + ".csr -CA ca.pem -CAkey ca.key -CAcreateserial -out " + name + ".pem " +
        days + " -extfile " + name + ".ext");
  }

  // Of the next century: only `openssl ca` sets a first day.
  void make_early() const {
    std::ofstream{path_ / "ca.cnf"} << "[ca]\ndefault_ca = here\n[here]\ndatabase = index\nserial = serial\n"
                                       "new_certs_dir = .\ndefault_md = sha256\npolicy = any\n"
                                       "[any]\ncommonName = supplied\n";
    std::ofstream{path_ / "early.ext"} << "subjectAltName=DNS:localhost\n";
    run("touch index && echo 4242 > serial");
    run("openssl req " + kNewKey + "-keyout early.key -out early.csr -subj /CN=early");
    run("openssl ca -batch -notext -config ca.cnf -cert ca.pem -keyfile ca.key -in early.csr -out early.pem "
        "-startdate 21990101000000Z -enddate 21991231000000Z -extfile early.ext");
  }

  static inline const std::string kNewKey = "-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes ";
  std::filesystem::path path_;
};

}  // namespace yagura::feeds
