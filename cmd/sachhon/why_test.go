package main

import (
	"strings"
	"testing"
)

// TestWhySaysWhatIsComing asks the program itself about somebody who talks in
// the terminal: what is planned stands there, the latest first, in both languages.
func TestWhySaysWhatIsComing(t *testing.T) {
	data := t.TempDir()
	class := strings.TrimSpace(must(t, "", "class", "add", "--data", data, "--title", "Lớp một", "--starts", inDays(10)+"T08:00", "--ends", inDays(10)+"T16:30", "--venue", "Hội trường", "--seats", "5"))
	var lines strings.Builder
	for _, text := range []string{"/start class_" + class, "Đăng ký", "Đồng ý, tiếp tục", "Khác", "Nguyễn Thị Hòa", "Công ty Minh Phát", "Không nhớ", "Tổ trưởng", "0912345678", "Xác nhận"} {
		lines.WriteString(`{"text":"` + text + `"}` + "\n")
	}
	if out := must(t, lines.String(), "chat", "--json", "--data", data); !strings.Contains(out, "đã đăng ký") {
		t.Fatalf("not registered: %s", out)
	}
	for lang, want := range map[string][2]string{
		"vi": {"Hỏi thăm sau lớp “Lớp một”: Sẽ gửi lúc ", "Nhắc lớp “Lớp một” trước 3 ngày: Sẽ gửi lúc 8:00 "},
		"en": {"Question what came of “Lớp một”: To be sent at ", "Reminder of “Lớp một”, 3 days before: To be sent at 8:00 am "},
	} {
		out := strings.Split(strings.TrimSpace(must(t, "", "why", "--data", data, "--lang", lang, "terminal:local")), "\n")
		if len(out) != 5 || !strings.Contains(out[0], want[0]) || !strings.HasPrefix(out[4], inDays(7)+" 08:00  "+want[1]) {
			t.Errorf("%s: why says\n%s", lang, strings.Join(out, "\n"))
		}
	}
	if _, errs, code := output(t, "", "why", "--data", data, "terminal:nobody"); code != 1 || !strings.Contains(errs, "there is no contact") {
		t.Errorf("of nobody it says %q, exit %d", errs, code)
	}
}
