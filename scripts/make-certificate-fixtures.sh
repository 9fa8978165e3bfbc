#!/bin/sh
# Makes test/fixtures/certificates anew: one key and its certificates in every form people keep them in.
# Run by hand, with OpenSSL 3 and its legacy provider; the files are committed, so that tests need no OpenSSL and
# always see the same bytes. They are valid for 50 years.
set -eu

cd "$(dirname "$0")/../test/fixtures/certificates"
rm -f -- *.pem *.der *.pfx *.csr *.json

days=18262
password=correct-horse
foreign=pâßwörd-漢字-🔑
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

request() { # key, subject
  openssl req -new -key "$1" -subj "$2"
}

# Who signed what: root, then issuing, then leaf. "lone" signed itself, "ec" has the wrong kind of key.
openssl genpkey -quiet -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out "$scratch/root.key"
openssl genpkey -quiet -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out "$scratch/issuing.key"
openssl genpkey -quiet -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out key-pkcs8.pem
openssl genpkey -quiet -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out other-key.pem
openssl genpkey -quiet -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out ec-key.pem

printf 'basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign\n' > "$scratch/ca.ext"
printf 'basicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature\n' > "$scratch/leaf.ext"
request "$scratch/root.key" '/O=Fixtures/CN=Fixture Root' | openssl x509 -req -sha256 -days $days \
  -signkey "$scratch/root.key" -extfile "$scratch/ca.ext" -out root.pem
request "$scratch/issuing.key" '/O=Fixtures/CN=Fixture Issuing' | openssl x509 -req -sha256 -days $days \
  -CA root.pem -CAkey "$scratch/root.key" -extfile "$scratch/ca.ext" -out issuing.pem
request key-pkcs8.pem '/O=Fixtures/CN=fixture-app' | openssl x509 -req -sha256 -days $days \
  -CA issuing.pem -CAkey "$scratch/issuing.key" -extfile "$scratch/leaf.ext" -out leaf.pem
request other-key.pem '/CN=fixture-lone' | openssl x509 -req -sha256 -days $days \
  -signkey other-key.pem -extfile "$scratch/leaf.ext" -out lone.pem
openssl req -x509 -key ec-key.pem -subj '/CN=fixture-ec' -sha256 -days $days -out ec.pem
request key-pkcs8.pem '/CN=fixture-request' > request.csr

# Keys
openssl rsa -traditional -in key-pkcs8.pem -out key-pkcs1.pem
openssl rsa -traditional -in key-pkcs8.pem -aes256 -passout "pass:$password" -out key-pkcs1-aes256.pem
openssl rsa -traditional -in key-pkcs8.pem -des3 -passout "pass:$password" -out key-pkcs1-3des.pem
openssl pkcs8 -topk8 -in key-pkcs8.pem -passout "pass:$password" -out key-pkcs8-aes256.pem
openssl pkcs8 -topk8 -in key-pkcs8.pem -v1 PBE-SHA1-3DES -passout "pass:$password" -out key-pkcs8-3des.pem
openssl pkcs8 -topk8 -in key-pkcs8.pem -scrypt -passout "pass:$password" -out key-pkcs8-scrypt.pem
openssl pkcs8 -topk8 -in key-pkcs8.pem -passout "pass:$foreign" -out key-pkcs8-foreign-password.pem
openssl pkcs8 -topk8 -in key-pkcs8.pem -v1 PBE-SHA1-RC2-40 -passout "pass:$password" -out key-pkcs8-rc2-40.pem \
  -provider legacy -provider default

# PEM bundles
cat leaf.pem key-pkcs8.pem > leaf-then-key.pem
cat key-pkcs8.pem leaf.pem > key-then-leaf.pem
cat root.pem issuing.pem leaf.pem key-pkcs8.pem > root-first.pem
cat leaf.pem key-pkcs8-aes256.pem > leaf-then-encrypted-key.pem
cat lone.pem leaf.pem > two-leaves.pem
cat other-key.pem key-pkcs8.pem leaf.pem > two-keys.pem
sed 's/$/\r/' leaf-then-key.pem > crlf.pem
{ openssl x509 -in leaf.pem -text; printf 'Bag Attributes\n    friendlyName: fixture-app\nKey Attributes: <No Attributes>\n'
  cat key-pkcs8.pem; echo 'the end'; } > text-around.pem

# DER
openssl x509 -in leaf.pem -outform DER -out leaf.der
openssl pkcs8 -topk8 -nocrypt -in key-pkcs8.pem -outform DER -out key-pkcs8.der
openssl rsa -traditional -in key-pkcs8.pem -outform DER -out key-pkcs1.der
openssl pkcs8 -topk8 -in key-pkcs8.pem -passout "pass:$password" -outform DER -out key-pkcs8-aes256.der

# PFX
pfx() { # name, password, further arguments of openssl pkcs12
  name=$1 secret=$2
  shift 2
  openssl pkcs12 -export -in leaf.pem -inkey key-pkcs8.pem -name fixture-app -passout "pass:$secret" -out "$name.pfx" "$@"
}
pfx modern "$password"
pfx legacy "$password" -legacy
pfx 3des "$password" -keypbe PBE-SHA1-3DES -certpbe PBE-SHA1-3DES -macalg sha1
pfx aes128 "$password" -keypbe AES-128-CBC -certpbe AES-128-CBC -macalg sha384
pfx sha512-mac "$password" -macalg sha512
pfx mixed "$password" -keypbe AES-256-CBC -certpbe PBE-SHA1-RC2-40 -legacy
cat issuing.pem root.pem > "$scratch/issuers.pem"
pfx chain "$password" -certfile "$scratch/issuers.pem"
pfx many-rounds "$password" -iter 20000
pfx no-mac "$password" -nomac
pfx empty-password ''
pfx empty-password-legacy '' -legacy
pfx open '' -keypbe NONE -certpbe NONE -nomac
pfx open-with-mac "$password" -keypbe NONE -certpbe NONE
pfx foreign-password "$foreign"
pfx foreign-password-3des "$foreign" -keypbe PBE-SHA1-3DES -certpbe PBE-SHA1-3DES -macalg sha1
pfx foreign-password-legacy "$foreign" -legacy
pfx foreign-password-mixed "$foreign" -keypbe AES-256-CBC -certpbe PBE-SHA1-3DES
pfx rc2-128 "$password" -certpbe PBE-SHA1-RC2-128 -legacy
openssl pkcs12 -export -nokeys -in leaf.pem -passout "pass:$password" -out no-key.pfx
openssl pkcs12 -export -nocerts -inkey key-pkcs8.pem -passout "pass:$password" -out no-certificate.pfx
openssl pkcs12 -export -in lone.pem -inkey other-key.pem -passout "pass:$password" -out lone.pfx
openssl pkcs12 -export -in ec.pem -inkey ec-key.pem -passout "pass:$password" -out ec.pfx

# What OpenSSL itself says the thumbprints are
thumbprint() { # file, digest
  openssl x509 -in "$1" -noout -fingerprint "-$2" | sed 's/.*=//; s/://g' | tr 'A-F' 'a-f'
}
{
  printf '{\n'
  separator=''
  for name in leaf lone issuing root; do
    printf '%s  "%s": {\n    "sha1": "%s",\n    "sha256": "%s"\n  }' "$separator" "$name" \
      "$(thumbprint $name.pem sha1)" "$(thumbprint $name.pem sha256)"
    separator=',
'
  done
  printf '\n}\n'
} > thumbprints.json
