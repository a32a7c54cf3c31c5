(ns eckermann.check.witness
  "Linearizability of one key in n log n, when every answer names the version it saw. An append to version v has position 2v,
  a read of version v has 2v+1. Different positions are ordered, equal ones are reads that need no order; so the history is
  linearizable if versions come once, values match them, and no call has a position below one that was complete before it
  began.")

(defn check
  "Calls: {:start :end :type :kind (:append or :read) :version :value :id}. An append of unknown outcome has the :version that
  the final log shows, or none when it is not there. `final` maps version to value."
  [calls final]
  (let [calls (remove #(or (= :fail (:type %)) (nil? (:version %))) calls)
        appends (filter #(= :append (:kind %)) calls)
        twice (->> appends (group-by :version) (filter #(< 1 (count (val %)))) (map first))
        mismatched (filter (fn [{:keys [version value]}] (and (pos? version) (not= value (get final version)))) calls)
        position (fn [{:keys [kind version]}] (if (= :append kind) (* 2 version) (inc (* 2 version))))
        ends (sort-by :at (mapcat (fn [c] (cond-> [{:at (:start c) :call c}]
                                            (:end c) (conj {:at (:end c) :call c :done true})))
                                  calls))
        [_ _ inversions]
        (reduce (fn [[highest began wrong] {:keys [call done]}]
                  (let [p (position call)]
                    (if done
                      [(max highest p) began
                       (if (and (< p (get began (:start call))) (< (count wrong) 20))
                         (conj wrong {:call call :position p :but-complete-before (get began (:start call))})
                         wrong)]
                      [highest (assoc began (:start call) highest) wrong])))
                [-1 {} []] ends)]
    {:valid? (and (empty? twice) (empty? mismatched) (empty? inversions))
     :appends (count appends)
     :reads (count (filter #(= :read (:kind %)) calls))
     :versions-twice (vec (take 10 twice))
     :mismatched (vec (take 10 mismatched))
     :inversions inversions}))
