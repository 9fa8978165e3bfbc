class EntraAuthCli < Formula
  desc "Gets, keeps, renews, reads and checks Microsoft Entra ID access tokens"
  homepage "{{homepage}}"
  version "{{version}}"
  license "{{licence}}"

  on_macos do
    on_arm do
      url "{{darwin_arm64_url}}", using: :nounzip
      sha256 "{{darwin_arm64_sha256}}"
    end
    on_intel do
      url "{{darwin_x64_url}}", using: :nounzip
      sha256 "{{darwin_x64_sha256}}"
    end
  end

  on_linux do
    on_arm do
      url "{{linux_arm64_url}}", using: :nounzip
      sha256 "{{linux_arm64_sha256}}"
    end
    on_intel do
      url "{{linux_x64_url}}", using: :nounzip
      sha256 "{{linux_x64_sha256}}"
    end
  end

  def install
    bin.install Dir["entra-auth-cli-*"].first => "entra-auth-cli"
    chmod 0555, bin/"entra-auth-cli"
    generate_completions_from_executable(bin/"entra-auth-cli", "completion", shells: [:bash, :zsh, :fish])
  end

  test do
    assert_match version.to_s, shell_output("#{bin}/entra-auth-cli --version")
    assert_match "invalid token", shell_output("#{bin}/entra-auth-cli inspect not-a-token 2>&1", 1)
  end
end
