package answer

import (
	"strings"
	"testing"
)

func TestEmail(t *testing.T) {
	checkReadings(t, Email, []reading[string]{
		{"an.nguyen@gmail.com", "", []string{"an.nguyen@gmail.com"}},
		{"An.Nguyen@GMAIL.com", "", []string{"An.Nguyen@gmail.com"}},
		{"Email: an@gophat.com.vn.", "", []string{"an@gophat.com.vn"}},
		{"email:an@gophat.vn", "", []string{"an@gophat.vn"}},
		{"dạ mail của em là an_1990@yahoo.com.vn ạ", "", []string{"an_1990@yahoo.com.vn"}},
		{"<an+lop@congty.vn>", "", []string{"an+lop@congty.vn"}},
		{"mailto:an@congty.vn", "", []string{"an@congty.vn"}},
		{"an@ymail.com", "", []string{"an@ymail.com"}},
		{"an@binhduong.gov.vn", "", []string{"an@binhduong.gov.vn"}},
		{"an@gmail.con", ProblemEmailDomain, []string{"an@gmail.com", "an@gmail.con"}},
		{"an@gmial.com", ProblemEmailDomain, []string{"an@gmail.com", "an@gmial.com"}},
		{"an@gmai.com", ProblemEmailDomain, []string{"an@gmail.com", "an@gmai.com"}},
		{"an@gmail.com.vn", ProblemEmailDomain, []string{"an@gmail.com", "an@gmail.com.vn"}},
		{"an@yahooo.com.vn", ProblemEmailDomain, []string{"an@yahoo.com.vn", "an@yahooo.com.vn"}},
		{"an@hotmal.com", ProblemEmailDomain, []string{"an@hotmail.com", "an@hotmal.com"}},
		{"an@gmial.con", ProblemEmailDomain, []string{"an@gmail.com", "an@gmial.con"}},
		{"an@congty.con", ProblemEmailDomain, []string{"an@congty.com", "an@congty.con"}},
		{"an@gmail", ProblemEmailDomain, []string{"an@gmail.com"}},
		{"nguyễnân@gmail.com", ProblemEmailMarks, []string{"nguyenan@gmail.com"}},
		{"an @ gmail.com", ProblemEmailForm, []string{"an@gmail.com"}},
		{"an@gmail .com", ProblemEmailDomain, []string{"an@gmail.com"}},
		{"an a còng gmail.com", ProblemEmailForm, []string{"an@gmail.com"}},
		{"an@congty.vn, binh@congty.vn", ProblemEmailSeveral, []string{"an@congty.vn", "binh@congty.vn"}},
		{"an.gmail.com", ProblemEmailForm, nil},
		{"an@@gmail.com", ProblemEmailForm, nil},
		{"@gmail.com", ProblemEmailForm, nil},
		{".an@gmail.com", "", []string{"an@gmail.com"}},
		{"an..b@gmail.com", ProblemEmailForm, nil},
		{"an@-x.vn", ProblemEmailForm, nil},
		{"an@x.v1", ProblemEmailForm, nil},
		{"không có", ProblemEmailForm, nil},
		{"", ProblemEmpty, nil},
		{strings.Repeat("a", 301), ProblemTooLong, nil},
		{strings.Repeat("a", 65) + "@gmail.com", ProblemEmailForm, nil},
	})
}

func FuzzEmail(f *testing.F) {
	for _, s := range []string{"an@gmail.com", "a@b", "@", "a@gmail.", "nguyễn@gmail.con", "a @ b . c", "mailto:@", ":@", "a:b@c:d", "\xff@x.vn"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		r := Email(s)
		checkResult(t, r)
		for _, address := range r.Candidates {
			local, domain, ok := strings.Cut(address, "@")
			if !ok || !isLocal(local) || !isDomain(domain) || strings.ToLower(domain) != domain {
				t.Errorf("%q is read as %q", s, address)
			}
			if back := Email(address); len(back.Candidates) == 0 {
				t.Errorf("%q is read as %q, which is read as %v", s, address, back)
			}
		}
	})
}
