package answer

import "testing"

func TestPolite(t *testing.T) {
	for in, want := range map[string]string{
		"":                              "",
		"  ":                            "  ",
		"dạ":                            "dạ",
		"dạ ạ":                          "dạ",
		"Dạ vâng ạ":                     "vâng",
		"dạ đăng ký ạ":                  "đăng ký",
		"da dang ky a":                  "dang ky",
		"Cho em Đăng Ký lớp với!":       "Đăng Ký lớp",
		"em muốn xem lớp nhé":           "xem lớp",
		"vâng, cho tôi hỏi giờ học":     "giờ học",
		"I'd like to register, please.": "register",
		"please":                        "please",
		"+84 912 345 678 ạ":             "+84 912 345 678",
		"dạ, (2)":                       "(2)",
		"đã đăng ký":                    "đã đăng ký", // "đã" is not "dạ"
		"nhà":                           "nhà",
		"tôi không muốn":                "không muốn",
		"Bot ơi trợ giúp em với ạ":      "trợ",
		"Đăng ký giúp em, cảm ơn anh nhiều": "Đăng ký giúp em, cảm ơn anh nhiều",
		"Đăng ký giúp em, cảm ơn anh":       "Đăng ký",
	} {
		if got := Polite(in); got != want {
			t.Errorf("Polite(%q) = %q, want %q", in, got, want)
		}
	}
}
