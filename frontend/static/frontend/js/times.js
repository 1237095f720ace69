// Moments in the reader's own time; the moment as the server wrote it stays in the title.
const SHOWN = {
  day: "numeric",
  month: "short",
  year: "numeric",
  hour: "2-digit",
  minute: "2-digit",
};

export function localTimes() {
  for (const time of document.querySelectorAll("time[datetime]:not([title])")) {
    const moment = new Date(time.dateTime);
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    time.title = `${time.textContent.trim()} · shown in ${zone}`;
    time.textContent = moment.toLocaleString("en-GB", SHOWN);
  }
}
