(ns eckermann.check.cursor
  "A cursor that is committed with what was expected: it never goes back, a commit that was acknowledged is seen by who looks
  afterwards, and of two that expected the same only one is acknowledged.")

(defn check
  "Calls of :cursor-read (result: position) and :cursor-commit (value: [expected position])."
  [calls]
  (let [ok (filter #(= :ok (:type %)) calls)
        commits (filter #(= :cursor-commit (:f %)) ok)
        reads (filter #(= :cursor-read (:f %)) ok)
        position (fn [c] (if (= :cursor-commit (:f c)) (second (:result c)) (:result c)))
        events (sort-by :at (mapcat (fn [c] [{:at (:start c) :call c} {:at (:end c) :call c :done true}]) ok))
        [_ _ back]
        (reduce (fn [[highest began wrong] {:keys [call done]}]
                  (if done
                    [(max highest (position call)) began
                     (if (< (position call) (began (:start call)))
                       (conj wrong {:call (select-keys call [:f :value :result :process]) :was-at (began (:start call))})
                       wrong)]
                    [highest (assoc began (:start call) highest) wrong]))
                [0 {} []] events)
        twice (->> commits (map (comp first :value)) frequencies (filter #(< 1 (val %))) (map first))]
    {:valid? (and (empty? back) (empty? twice))
     :commits (count commits) :reads (count reads)
     :moved-back (vec (take 8 back)) :expected-twice (vec (take 8 twice))}))
