package answer

import (
	"slices"
	"strings"
)

// mailDomains are the domains most people have their mail at.
var mailDomains = []string{"gmail.com", "yahoo.com", "yahoo.com.vn", "hotmail.com", "outlook.com", "outlook.com.vn", "icloud.com", "live.com"}

// likeMailDomains are real domains that look like slips of those.
var likeMailDomains = []string{"ymail.com", "mail.com", "email.com", "gmx.com", "me.com", "hotmail.fr", "yahoo.fr"}

// Email reads a mail address, with its domain in lower case. A domain that
// looks like a slip of a well-known one is doubtful, the repaired address
// first.
func Email(s string) Result[string] {
	text := Clean(s)
	switch {
	case text == "":
		return wrong[string](ProblemEmpty)
	case len(text) > maxAnswer:
		return wrong[string](ProblemTooLong)
	}
	var found []string
	for _, field := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(" \n,;<>()[]\"“”", r) }) {
		field = strings.Trim(strings.TrimPrefix(afterColon(field), "mailto:"), ".:'!?")
		if strings.Count(field, "@") == 1 && !slices.Contains(found, field) {
			found = append(found, field)
		}
	}
	if len(found) > 1 {
		return severalEmails(found)
	}
	if len(found) == 1 {
		if r := emailOf(found[0]); len(r.Candidates) > 0 {
			return r
		}
	}
	return spacedEmail(text)
}

// afterColon returns what stands behind "email:" and the like.
func afterColon(field string) string {
	if at := strings.LastIndexByte(field, ':'); at >= 0 && at < strings.IndexByte(field, '@') {
		return field[at+1:]
	}
	return field
}

func severalEmails(found []string) Result[string] {
	var candidates []string
	for _, f := range found {
		if r := emailOf(f); len(r.Candidates) > 0 && !slices.Contains(candidates, r.Candidates[0]) {
			candidates = append(candidates, r.Candidates[0])
		}
	}
	switch len(candidates) {
	case 0:
		return wrong[string](ProblemEmailForm)
	default:
		return doubtful(ProblemEmailSeveral, candidates...)
	}
}

// spacedEmail offers what an address with blanks around its signs comes to.
func spacedEmail(text string) Result[string] {
	tight := strings.NewReplacer(" @ ", "@", " @", "@", "@ ", "@", " . ", ".", " .", ".", ". ", ".", " a còng ", "@", " a cong ", "@").Replace(text)
	if tight == text {
		return wrong[string](ProblemEmailForm)
	}
	for _, field := range strings.Fields(tight) {
		if r := emailOf(field); len(r.Candidates) > 0 {
			return doubtful(ProblemEmailForm, r.Candidates[0])
		}
	}
	return wrong[string](ProblemEmailForm)
}

// emailOf judges one address.
func emailOf(address string) Result[string] {
	local, domain, _ := strings.Cut(address, "@")
	domain = strings.ToLower(domain)
	if Marked(local + domain) {
		local, domain = unmark(local), unmark(domain)
		if !isLocal(local) || !isDomain(domain) {
			return wrong[string](ProblemEmailForm)
		}
		return doubtful(ProblemEmailMarks, local+"@"+domain)
	}
	if known := domain + ".com"; isLocal(local) && slices.Contains(mailDomains, known) {
		return doubtful(ProblemEmailDomain, local+"@"+known)
	}
	if !isLocal(local) || !isDomain(domain) {
		return wrong[string](ProblemEmailForm)
	}
	if meant := likelyDomain(domain); meant != domain {
		return doubtful(ProblemEmailDomain, local+"@"+meant, local+"@"+domain)
	}
	return sure(local + "@" + domain)
}

// unmark drops the marks of Vietnamese letters and keeps their case.
func unmark(s string) string {
	var b strings.Builder
	for _, r := range s {
		l := letters.of(r)
		switch {
		case l.shape|l.tone == 0 && !isCombining(r):
			b.WriteRune(r)
		case l.base != 0 && strings.ToUpper(string(r)) == string(r):
			b.WriteByte(l.base - 'a' + 'A')
		case l.base != 0:
			b.WriteByte(l.base)
		}
	}
	return b.String()
}

// isLocal says whether s may stand before the @: the unquoted form of RFC 5322.
func isLocal(s string) bool {
	if s == "" || len(s) > 64 || s[0] == '.' || s[len(s)-1] == '.' || strings.Contains(s, "..") {
		return false
	}
	return !strings.ContainsFunc(s, func(r rune) bool {
		return r >= 0x80 || letters.low[r].base == 0 && !strings.ContainsRune(".!#$%&'*+-/=?^_`{|}~", r)
	})
}

// isDomain says whether s is a host name of at least two labels, the last of
// letters alone.
func isDomain(s string) bool {
	labels := strings.Split(s, ".")
	if len(labels) < 2 || len(s) > 190 {
		return false
	}
	for i, l := range labels {
		last := i == len(labels)-1
		if l == "" || len(l) > 63 || l[0] == '-' || l[len(l)-1] == '-' || last && len(l) < 2 {
			return false
		}
		for j := range len(l) {
			if c := l[j]; c != '-' && (c >= 0x80 || letters.low[c].base == 0) || last && (c < 'a' || c > 'z') {
				return false
			}
		}
	}
	return true
}

// likelyDomain returns the domain that a slip was meant as, or domain itself.
func likelyDomain(domain string) string {
	if slices.Contains(mailDomains, domain) || slices.Contains(likeMailDomains, domain) {
		return domain
	}
	if domain == "gmail.com.vn" || domain == "gmail.vn" {
		return "gmail.com"
	}
	for _, known := range mailDomains {
		if editDistance(domain, known, 1) <= 1 {
			return known
		}
	}
	at := strings.LastIndexByte(domain, '.')
	switch domain[at+1:] {
	case "con", "cmo", "vom", "ocm", "comm", "xom", "cim":
		if repaired := domain[:at+1] + "com"; slices.Contains(mailDomains, repaired) {
			return repaired
		}
		return likelyDomain(domain[:at+1] + "com")
	case "vm", "nv", "vnn":
		return domain[:at+1] + "vn"
	default:
		return domain
	}
}
