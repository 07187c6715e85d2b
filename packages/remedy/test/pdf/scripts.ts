/** Sentences in the scripts that letters can be written in; each says that an image is to be removed, or is a proverb. */
export interface Script {
  readonly name: string;
  readonly text: string;
  readonly isRightToLeft?: boolean;
}

export const SCRIPTS: readonly Script[] = [
  { name: "Latin with accents", text: "Žluťoučký kůň, façade, œuvre, office ffi, ẞtraße, Øre, Việt Nam" },
  { name: "letters and marks apart", text: "o\u0302 e\u0301 n\u0303 q\u0323" },
  { name: "Cyrillic", text: "Прошу удалить это изображение. Ґанок, їжак, Ђорђе." },
  { name: "Greek", text: "Παρακαλώ αφαιρέστε την εικόνα. Ἀρχιμήδης" },
  { name: "Arabic", text: "أرجو حذف هذه الصورة، فقد نُشرت دون موافقتي", isRightToLeft: true },
  { name: "Persian", text: "لطفاً این تصویر را حذف کنید، می‌خواهم پاک شود", isRightToLeft: true },
  { name: "Urdu", text: "براہ کرم یہ تصویر ہٹا دیں", isRightToLeft: true },
  { name: "Hebrew", text: "נא להסיר את התמונה הזאת", isRightToLeft: true },
  { name: "Devanagari", text: "कृपया यह चित्र हटाएँ, क्षत्रिय श्री कार्य" },
  { name: "Bengali", text: "অনুগ্রহ করে ছবিটি সরান, প্রার্থনা" },
  { name: "Tamil", text: "இந்தப் படத்தை நீக்கவும் கொள்கை" },
  { name: "Telugu", text: "దయచేసి ఈ చిత్రాన్ని తొలగించండి" },
  { name: "Thai", text: "กรุณาลบภาพนี้ น้ำ" },
  { name: "Chinese", text: "请删除此图片，谢谢。請刪除此圖片" },
  { name: "Japanese", text: "画像を削除してください。ヴィデオ" },
  { name: "Korean", text: "이미지를 삭제해 주세요" },
  { name: "Georgian", text: "გთხოვთ წაშალოთ სურათი" },
  { name: "Armenian", text: "Խնդրում եմ ջնջել նկարը" },
  { name: "Ethiopic", text: "እባክዎ ምስሉን ያስወግዱ" },
];
