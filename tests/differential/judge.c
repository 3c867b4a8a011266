/* OpenSSL's opinion on certificates and revocation lists, one framed question after another on standard input.
 *
 *   judge FOLDER SECONDS
 *
 * FOLDER has ca0.der, ca1.der (authorities of one name each), ca0.key, ca1.key (PEM), listed.der, unlisted.der (leaves of ca0).
 * A question is a letter, a length (four octets, big endian) and so many bytes; an answer is a length and a text or a signature:
 *   0, 1  sign these bytes with the key of that authority, SHA-256
 *   C     is this certificate good at SECONDS under the two authorities? "ok SERIAL NOTBEFORE NOTAFTER" or why not, with the
 *         cause where the error has several
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
#include <strings.h>
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

static const char *name_of(const X509_EXTENSION *extension) {
    int nid = OBJ_obj2nid(X509_EXTENSION_get_object((X509_EXTENSION *)extension));
    return nid == NID_undef ? "an unknown extension" : OBJ_nid2sn(nid);
}

/* A name without the characters that RFC 4518 maps to nothing and OpenSSL compares, for a look at why two differ. */
static void bare_name(const X509_NAME *name, char *text, size_t room) {
    size_t used = 0;
    for (int n = 0; n < X509_NAME_entry_count(name); n++) {
        X509_NAME_ENTRY *entry = X509_NAME_get_entry(name, n);
        unsigned char *value = NULL;
        int length = ASN1_STRING_to_UTF8(&value, X509_NAME_ENTRY_get_data(entry));
        int nid = OBJ_obj2nid(X509_NAME_ENTRY_get_object(entry));
        used += (size_t)snprintf(text + used, room - used, "/%d,%d=", X509_NAME_ENTRY_set(entry), nid);
        for (int m = 0; m < length && used + 1 < room; m++)
            if (!(value[m] < 9 || (value[m] > 13 && value[m] < 32) || value[m] == 127)) text[used++] = value[m];
        text[used] = 0;
        OPENSSL_free(value);
    }
}

/* by controls, or otherwise */
static const char *difference(const X509_NAME *one, const X509_NAME *other) {
    char a[2000], b[2000];
    if (X509_NAME_entry_count(one) > 40 || X509_NAME_entry_count(other) > 40) return "by much";
    bare_name(one, a, sizeof a);
    bare_name(other, b, sizeof b);
    return strcasecmp(a, b) ? "otherwise" : "by controls";
}

/* Whether a name of the list's point is one of the leaf's but for such characters. */
static const char *scope_difference(X509_CRL *list, X509 *leaf) {
    ISSUING_DIST_POINT *scope = X509_CRL_get_ext_d2i(list, NID_issuing_distribution_point, NULL, NULL);
    CRL_DIST_POINTS *points = X509_get_ext_d2i(leaf, NID_crl_distribution_points, NULL, NULL);
    const char *found = "otherwise";
    for (int n = 0; scope && scope->distpoint && !scope->distpoint->type && n < sk_DIST_POINT_num(points); n++) {
        DIST_POINT_NAME *point = sk_DIST_POINT_value(points, n)->distpoint;
        if (!point || point->type) continue;
        for (int m = 0; m < sk_GENERAL_NAME_num(point->name.fullname); m++)
            for (int l = 0; l < sk_GENERAL_NAME_num(scope->distpoint->name.fullname); l++) {
                GENERAL_NAME *a = sk_GENERAL_NAME_value(point->name.fullname, m);
                GENERAL_NAME *b = sk_GENERAL_NAME_value(scope->distpoint->name.fullname, l);
                if (a->type == GEN_DIRNAME && b->type == GEN_DIRNAME &&
                    !strcmp(difference(a->d.dirn, b->d.dirn), "by controls"))
                    found = "by controls";
            }
    }
    ISSUING_DIST_POINT_free(scope);
    CRL_DIST_POINTS_free(points);
    return found;
}

/* The first extension that OpenSSL knows and cannot read, and why: it makes the whole certificate or list unusable. */
static int unread_extension(const STACK_OF(X509_EXTENSION) *extensions, char *text, size_t room) {
    for (int n = 0; n < X509v3_get_ext_count(extensions); n++) {
        X509_EXTENSION *extension = X509v3_get_ext(extensions, n);
        const X509V3_EXT_METHOD *method = X509V3_EXT_get(extension);
        if (!method) continue;
        void *value = X509V3_EXT_d2i(extension);
        if (!value) {
            int nid = OBJ_obj2nid(X509_EXTENSION_get_object(extension));
            int names = nid == NID_subject_alt_name || nid == NID_issuer_alt_name || nid == NID_authority_key_identifier ||
                        nid == NID_crl_distribution_points || nid == NID_name_constraints ||
                        nid == NID_issuing_distribution_point;
            snprintf(text, room, "%s, %s", names ? "names" : "another extension", unread());
            return 1;
        }
        if (method->it) ASN1_item_free(value, ASN1_ITEM_ptr(method->it));
        else method->ext_free(value);
    }
    return 0;
}

/* One error has many causes; a class of disagreement is to have one. */
static void why_certificate(X509 *leaf, int error, char *text, size_t room) {
    char cause[400] = "";
    if (error == X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY) {
        int best = X509_V_ERR_SUBJECT_ISSUER_MISMATCH;
        for (int n = 0; n < 2; n++) {
            int found = X509_check_issued(ca[n], leaf);
            if (found != X509_V_ERR_SUBJECT_ISSUER_MISMATCH) best = found;
        }
        if (best != X509_V_ERR_UNSPECIFIED || !unread_extension(X509_get0_extensions(leaf), cause, sizeof cause))
            snprintf(cause, sizeof cause, "%s", X509_verify_cert_error_string(best));
        for (int n = 0; best == X509_V_ERR_SUBJECT_ISSUER_MISMATCH && n < 2 && strcmp(cause, "by controls"); n++)
            snprintf(cause, sizeof cause, "%s",
                     difference(X509_get_issuer_name(leaf), X509_get_subject_name(ca[n])));
    } else if (error == X509_V_ERR_UNHANDLED_CRITICAL_EXTENSION) {
        for (int n = 0; n < X509_get_ext_count(leaf); n++) {
            X509_EXTENSION *extension = X509_get_ext(leaf, n);
            if (X509_EXTENSION_get_critical(extension) && !X509_supported_extension(extension)) {
                snprintf(cause, sizeof cause, "%s", name_of(extension));
                break;
            }
        }
    }
    snprintf(text, room, "%s%s%s", X509_verify_cert_error_string(error), *cause ? ": " : "", cause);
    ERR_clear_error();
}

static void why_list(X509_CRL *list, X509 *leaf, int error, char *text, size_t room) {
    char cause[400] = "";
    if (error == X509_V_ERR_UNABLE_TO_GET_CRL) {
        int critical;
        AUTHORITY_KEYID *named = X509_CRL_get_ext_d2i(list, NID_authority_key_identifier, &critical, NULL);
        const ASN1_OCTET_STRING *own = X509_get0_subject_key_id(ca[0]);
        const char *differs = NULL;
        if (named) {
            if (named->keyid && own && ASN1_OCTET_STRING_cmp(named->keyid, own)) differs = "another key is named";
            else if (named->serial && ASN1_INTEGER_cmp(named->serial, X509_get0_serialNumber(ca[0])))
                differs = "another serial number is named";
            for (int n = 0; !differs && n < sk_GENERAL_NAME_num(named->issuer); n++) {
                GENERAL_NAME *name = sk_GENERAL_NAME_value(named->issuer, n);
                if (name->type != GEN_DIRNAME) continue;
                if (X509_NAME_cmp(name->d.dirn, X509_get_issuer_name(ca[0]))) differs = "another issuer is named";
                break;
            }
            AUTHORITY_KEYID_free(named);
        }
        const X509_NAME *issuer = X509_CRL_get_issuer(list), *ours = X509_get_subject_name(ca[0]);
        if (X509_NAME_cmp(issuer, ours)) differs = difference(issuer, ours);
        if (differs) snprintf(cause, sizeof cause, "%s", differs);
        else unread_extension(X509_CRL_get0_extensions(list), cause, sizeof cause);
    } else if (error == X509_V_ERR_DIFFERENT_CRL_SCOPE) {
        snprintf(cause, sizeof cause, "%s", scope_difference(list, leaf));
    } else if (error == X509_V_ERR_UNHANDLED_CRITICAL_CRL_EXTENSION) {
        for (int n = 0; !*cause && n < X509_CRL_get_ext_count(list); n++) {
            X509_EXTENSION *extension = X509_CRL_get_ext(list, n);
            int nid = OBJ_obj2nid(X509_EXTENSION_get_object(extension));
            if (X509_EXTENSION_get_critical(extension) && nid != NID_issuing_distribution_point &&
                nid != NID_authority_key_identifier && nid != NID_delta_crl)
                snprintf(cause, sizeof cause, "%s", name_of(extension));
        }
        STACK_OF(X509_REVOKED) *entries = X509_CRL_get_REVOKED(list);
        for (int n = 0; !*cause && n < sk_X509_REVOKED_num(entries); n++) {
            const STACK_OF(X509_EXTENSION) *extensions = X509_REVOKED_get0_extensions(sk_X509_REVOKED_value(entries, n));
            for (int m = 0; !*cause && m < X509v3_get_ext_count(extensions); m++) {
                X509_EXTENSION *extension = X509v3_get_ext(extensions, m);
                if (X509_EXTENSION_get_critical(extension) &&
                    OBJ_obj2nid(X509_EXTENSION_get_object(extension)) != NID_certificate_issuer)
                    snprintf(cause, sizeof cause, "%s of an entry", name_of(extension));
            }
        }
    }
    snprintf(text, room, "%s%s%s", X509_verify_cert_error_string(error), *cause ? ": " : "", cause);
    ERR_clear_error();
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
    else if (error != X509_V_OK) {
        char text[800];
        why_certificate(leaf, error, text, sizeof text);
        say(text);
    } else {
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
    char text[2000];
    if (!list || end != bytes + length) {
        const char *why = list ? "unread: trailing bytes" : unread();
        snprintf(text, sizeof text, "%s\n%s", why, why);
    } else {
        char words[2][800];
        X509 *leaves[2] = {listed, unlisted};
        for (int n = 0; n < 2; n++) {
            int error = verify(leaves[n], list);
            if (error == X509_V_OK || error == X509_V_ERR_CERT_REVOKED)
                snprintf(words[n], sizeof words[n], "%s", error ? "revoked" : "good");
            else why_list(list, leaves[n], error, words[n], sizeof words[n]);
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
