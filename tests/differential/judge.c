/* OpenSSL's opinion on certificates and revocation lists, one framed question after another on standard input.
 *
 *   judge FOLDER SECONDS
 *
 * FOLDER has ca0.der, ca1.der (authorities of one name each), ca0.key, ca1.key (PEM), listed.der, unlisted.der (leaves of ca0).
 * A question is a letter, a length (four octets, big endian) and so many bytes; an answer is a length and a text or a signature:
 *   0, 1  sign these bytes with the key of that authority, SHA-256
 *   C     is this certificate good at SECONDS under the two authorities? "ok SERIAL NOTBEFORE NOTAFTER" or why not
 *   L     what does this list say of both leaves? Two lines: good, revoked, or why neither
 * Written for the tests; it shares no line with what they judge.
 */
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static X509 *ca[2], *listed, *unlisted;
static EVP_PKEY *key[2];
static time_t at;

static void fail(const char *what) {
    fprintf(stderr, "judge: %s\n", what);
    exit(1);
}

static FILE *file(const char *folder, const char *name) {
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *opened = fopen(path, "rb");
    if (!opened) fail(path);
    return opened;
}

static X509 *certificate(const char *folder, const char *name) {
    FILE *opened = file(folder, name);
    X509 *read = d2i_X509_fp(opened, NULL);
    fclose(opened);
    if (!read) fail(name);
    return read;
}

static void answer(const void *bytes, size_t length) {
    unsigned char head[4] = {length >> 24, length >> 16, length >> 8, length};
    fwrite(head, 1, 4, stdout);
    fwrite(bytes, 1, length, stdout);
}

static void say(const char *text) { answer(text, strlen(text)); }

/* Why a document could not be read: the innermost reason. */
static const char *unread(void) {
    unsigned long error = ERR_peek_error();
    const char *reason = ERR_reason_error_string(error);
    static char text[200];
    snprintf(text, sizeof text, "unread: %s", reason ? reason : "no reason");
    ERR_clear_error();
    return text;
}

static long long seconds(const ASN1_TIME *time) {
    struct tm fields;
    return time && ASN1_TIME_to_tm(time, &fields) ? (long long)timegm(&fields) : -1;
}

/* Whether `leaf` holds under the authorities, with `list` asked if there is one. */
static int verify(X509 *leaf, X509_CRL *list) {
    static X509_STORE *store;
    if (!store) {
        store = X509_STORE_new();
        X509_STORE_add_cert(store, ca[0]);
        X509_STORE_add_cert(store, ca[1]);
    }
    X509_STORE_CTX *context = X509_STORE_CTX_new();
    X509_STORE_CTX_init(context, store, leaf, NULL);
    X509_VERIFY_PARAM *rules = X509_STORE_CTX_get0_param(context);
    X509_VERIFY_PARAM_set_time(rules, at);
    X509_VERIFY_PARAM_set_auth_level(rules, 2);
    X509_VERIFY_PARAM_set_depth(rules, 8);
    X509_VERIFY_PARAM_set_flags(rules, X509_V_FLAG_POLICY_CHECK);
    STACK_OF(X509_CRL) *lists = NULL;
    if (list) {
        X509_VERIFY_PARAM_set_flags(rules, X509_V_FLAG_CRL_CHECK | X509_V_FLAG_EXTENDED_CRL_SUPPORT);
        lists = sk_X509_CRL_new_null();
        sk_X509_CRL_push(lists, list);
        X509_STORE_CTX_set0_crls(context, lists);
    }
    int good = X509_verify_cert(context);
    int error = X509_STORE_CTX_get_error(context);
    if (good == 1) error = X509_V_OK;
    else if (error == X509_V_OK) error = X509_V_ERR_UNSPECIFIED;
    X509_STORE_CTX_free(context);
    sk_X509_CRL_free(lists);
    ERR_clear_error();
    return error;
}

static void judge_certificate(const unsigned char *bytes, size_t length) {
    const unsigned char *end = bytes;
    X509 *leaf = d2i_X509(NULL, &end, length);
    if (!leaf) {
        say(unread());
        return;
    }
    int error = verify(leaf, NULL);
    if (end != bytes + length) say("unread: trailing bytes");
    else if (error != X509_V_OK) say(X509_verify_cert_error_string(error));
    else {
        char text[400];
        BIGNUM *number = ASN1_INTEGER_to_BN(X509_get0_serialNumber(leaf), NULL);
        char *serial = BN_bn2hex(number);
        snprintf(text, sizeof text, "ok %s %lld %lld", serial, seconds(X509_get0_notBefore(leaf)),
                 seconds(X509_get0_notAfter(leaf)));
        say(text);
        OPENSSL_free(serial);
        BN_free(number);
    }
    X509_free(leaf);
}

static void judge_list(const unsigned char *bytes, size_t length) {
    const unsigned char *end = bytes;
    X509_CRL *list = d2i_X509_CRL(NULL, &end, length);
    char text[1000];
    if (!list || end != bytes + length) {
        const char *why = list ? "unread: trailing bytes" : unread();
        snprintf(text, sizeof text, "%s\n%s", why, why);
    } else {
        const char *words[2];
        X509 *leaves[2] = {listed, unlisted};
        for (int n = 0; n < 2; n++) {
            int error = verify(leaves[n], list);
            words[n] = error == X509_V_OK ? "good"
                       : error == X509_V_ERR_CERT_REVOKED ? "revoked"
                       : X509_verify_cert_error_string(error);
        }
        snprintf(text, sizeof text, "%s\n%s", words[0], words[1]);
    }
    say(text);
    X509_CRL_free(list);
}

static void sign(EVP_PKEY *with, const unsigned char *bytes, size_t length) {
    unsigned char signature[1024];
    size_t size = sizeof signature;
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    if (EVP_DigestSignInit(context, NULL, EVP_sha256(), NULL, with) != 1 ||
        EVP_DigestSign(context, signature, &size, bytes, length) != 1)
        fail("no signature");
    EVP_MD_CTX_free(context);
    answer(signature, size);
}

int main(int count, char **arguments) {
    if (count != 3) fail("usage: judge FOLDER SECONDS");
    at = (time_t)atoll(arguments[2]);
    ca[0] = certificate(arguments[1], "ca0.der");
    ca[1] = certificate(arguments[1], "ca1.der");
    for (int n = 0; n < 2; n++) {
        FILE *opened = file(arguments[1], n ? "ca1.key" : "ca0.key");
        key[n] = PEM_read_PrivateKey(opened, NULL, NULL, NULL);
        fclose(opened);
        if (!key[n]) fail("no key");
    }
    unsigned char head[5];
    size_t room = 0;
    unsigned char *bytes = NULL;
    while (fread(head, 1, 5, stdin) == 5) {
        size_t length = (size_t)head[1] << 24 | head[2] << 16 | head[3] << 8 | head[4];
        if (length > room) bytes = realloc(bytes, room = length);
        if (length && fread(bytes, 1, length, stdin) != length) fail("a question was cut short");
        switch (head[0]) {
        case '0': sign(key[0], bytes, length); break;
        case '1': sign(key[1], bytes, length); break;
        case 'C': judge_certificate(bytes, length); break;
        case 'L':
            if (!listed) {
                listed = certificate(arguments[1], "listed.der");
                unlisted = certificate(arguments[1], "unlisted.der");
            }
            judge_list(bytes, length);
            break;
        case 'F': fflush(stdout); break;
        default: fail("no such question");
        }
    }
    return 0;
}
